import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { logsConsole } from "../console.ts";
import { dependencyLines } from "./dependency-lines.ts";

const dependency = {
  name: "the database",
  unresolved: "database-unresolved",
  errors: ["database"],
} as const;

export const database = defineCheck({
  id: "logs/database",
  question: "Does the API log errors about its database?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with its database."),
    unresolved: failing(
      "The name of the database does not resolve for the API: a record, DNS in the VPC, or a wrong host in its configuration. The database itself may be well.",
      "Look the name up from a task (container/names), see network/vpc-dns, and compare the host in the task definition (ecs/environment-change).",
    ),
    errors: degraded(
      "The API cannot use its database: refused, timed out, wrong password, or out of connections.",
      "Check the database (dependencies/database) and the way to it (network/egress-database).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = dependencyLines(lines, dependency, now);
    if ("notRun" in looked) return looked;
    return found(looked.prevails ?? "none", looked.summary, looked.evidence);
  },
});
