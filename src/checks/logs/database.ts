import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const database = defineCheck({
  id: "logs/database",
  question: "Does the API log errors about its database?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with its database."),
    errors: degraded(
      "The API cannot use its database: refused, timed out, wrong password, or out of connections.",
      "Check the database (dependencies/database) and the way to it (network/egress-database).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }) {
    const looked = seenOf(lines, ["database"]);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    return found(count === 0 ? "none" : "errors", summary, evidence);
  },
});
