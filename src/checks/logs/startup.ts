import { defineCheck, failing, found, ok } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const startup = defineCheck({
  id: "logs/startup",
  question: "Are there start-up errors in the log?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("No start-up error in the window, or a later start went through."),
    "missing-variable": failing(
      "The program stops at its start because a variable is missing.",
      "Add the variable to the task definition and deploy (ecs/environment names what is missing).",
    ),
    crash: failing(
      "The program crashes while it starts: an import, a port, a migration, a file.",
      "Read the newest line; deploy the previous revision if it came with a deployment.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = seenOf(lines, ["missing-variable", "startup"], now);
    if ("notRun" in looked) return looked;
    const { seen } = looked;
    if (seen.count === 0 || lines.groups === null) return found("none", seen.summary);
    const { kinds, startedAt, missingVariables } = lines.groups;
    const newest = [kinds.startup.lastAt, kinds["missing-variable"].lastAt]
      .filter((at) => at !== null)
      .toSorted()
      .at(-1);
    if (startedAt !== null && newest !== undefined && startedAt > newest) {
      return found(
        "none",
        `${seen.summary}; a start went through ${utcTime(Date.parse(startedAt), now)}`,
        seen.evidence,
      );
    }
    if (kinds["missing-variable"].count === 0) return found("crash", seen.summary, seen.evidence);
    return found(
      "missing-variable",
      `${missingVariables.join(", ")} missing: ${seen.summary}`,
      seen.evidence,
    );
  },
});
