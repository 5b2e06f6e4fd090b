import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { differences } from "#facts/task-definition/differences.ts";
import { mainContainer } from "#facts/task-definition/main-container.ts";
import { ecsConsole } from "../console.ts";

/** Every revision differs from the one before; it is news for a day. */
const newsMs = 24 * 60 * 60_000;

export const environmentChange = defineCheck({
  id: "ecs/environment-change",
  question: "Did variables, image or ports change lately?",
  needs: { definition: ecsTaskDefinition },
  outcomes: {
    same: ok(
      "The revision that should run differs in nothing that matters from the one before, or is older than a day.",
    ),
    changed: degraded(
      "A revision of the last day differs from the one before. That is usual, and the first suspect after a deployment.",
      "Compare when it was registered with when errors began (logs/onset).",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "deployments"),
  judge({ definition: { current, previous } }, { target, now }) {
    const [after, before] = [mainContainer(current, target), mainContainer(previous, target)];
    if (current === null || previous === null || after === null || before === null) {
      return cannotTell(
        "there is no previous revision to compare with",
        "nothing to do: it is the first, or was deleted",
      );
    }
    const lines = [
      ...differences(before, after),
      ...(current.cpu === previous.cpu ? [] : [`task cpu: ${previous.cpu} -> ${current.cpu}`]),
      ...(current.memory === previous.memory
        ? []
        : [`task memory: ${previous.memory} -> ${current.memory}`]),
      ...(current.executionRole === previous.executionRole ? [] : ["execution role: changed"]),
      ...(current.taskRole === previous.taskRole ? [] : ["task role: changed"]),
    ];
    const span = `${previous.family}:${previous.revision} -> ${current.revision}, registered ${current.registeredAt ?? "at an unknown time"}`;
    if (lines.length === 0) return found("same", `${span}: no difference`);
    const old = current.registeredAt !== null && now - Date.parse(current.registeredAt) > newsMs;
    return found(
      old ? "same" : "changed",
      `${span}: ${lines.slice(0, 3).join("; ")}`,
      lines.map((seen) => ({ label: span, seen })),
    );
  },
});
