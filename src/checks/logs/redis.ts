import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { logsConsole } from "../console.ts";
import { dependencyLines } from "./dependency-lines.ts";

const dependency = {
  name: "Redis",
  unresolved: "redis-unresolved",
  errors: ["redis"],
} as const;

export const redis = defineCheck({
  id: "logs/redis",
  question: "Does the API log errors about Redis?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with Redis."),
    unresolved: failing(
      "The name of Redis does not resolve for the API: a record, DNS in the VPC, or a wrong host in its configuration. Redis itself may be well.",
      "Look the name up from a task (container/names), see network/vpc-dns, and compare the host in the task definition (ecs/environment-change).",
    ),
    errors: degraded(
      "The API cannot use Redis, its cache of auth results: each request asks the auth service, or fails.",
      "Check Redis (dependencies/redis) and the way to it (network/egress-redis).",
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
