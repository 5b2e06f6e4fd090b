import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import type { RequiredVariable } from "#core/config.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { mainContainer } from "#facts/task-definition/main-container.ts";
import { ecsConsole } from "../console.ts";

/** What of a requirement is missing: of alternatives, the one that is closest to being complete. */
function lacking(required: RequiredVariable, present: ReadonlySet<string>): readonly string[] {
  if (typeof required === "string") return present.has(required) ? [] : [required];
  const each = required.anyOf.map((names) => names.filter((name) => !present.has(name)));
  if (each.some((missing) => missing.length === 0)) return [];
  return [required.anyOf.map((names) => names.join(" and ")).join(", or ")];
}

/** Names only: that a variable is there says nothing about whether its value is right. */
export const environment = defineCheck({
  id: "ecs/environment",
  question: "Are the required variables and secrets named in the task definition?",
  needs: { definition: ecsTaskDefinition },
  outcomes: {
    complete: ok(
      "Every variable that the catalogue requires is named, as a variable or as a secret.",
    ),
    missing: failing(
      "A required variable is missing or empty in the task definition: the program stops at its start or fails later.",
      "Add it to the task definition and deploy; compare with the previous revision (ecs/environment-change).",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "deployments"),
  judge({ definition: { current } }, { target }) {
    const container = mainContainer(current, target);
    if (current === null || container === null) {
      return cannotTell(
        "no task definition of the service is known",
        "see ecs/service-running: there may be no service",
      );
    }
    const required = target.service.ecs.requiredVariables;
    if (required.length === 0) {
      return cannotTell(
        "the catalogue requires no variable",
        "list them under requiredVariables in hokusai.yaml",
      );
    }
    const empty = new Set(container.variables.filter((one) => one.empty).map((one) => one.name));
    const present = new Set([
      ...container.variables.filter((one) => !one.empty).map((one) => one.name),
      ...container.secrets.map((one) => one.name),
    ]);
    const missing = required.flatMap((one) => lacking(one, present));
    const name = `${current.family}:${current.revision}`;
    const evidence = [
      {
        label: `container ${container.name} of ${name}`,
        seen: `${present.size} variables and secrets named`,
      },
      ...missing.map((one) => ({
        label: one,
        seen: empty.has(one) ? "named, but empty" : "not in the task definition",
        wanted: "named",
      })),
    ];
    return missing.length === 0
      ? found(
          "complete",
          `${required.length} of ${required.length} required are named in ${name}`,
          evidence,
        )
      : found("missing", `${name} lacks ${missing.join("; ")}`, evidence);
  },
});
