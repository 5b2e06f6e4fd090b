import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const redis = defineCheck({
  id: "logs/redis",
  question: "Does the API log errors about Redis?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with Redis."),
    errors: degraded(
      "The API cannot use Redis, its cache of auth results: each request asks the auth service, or fails.",
      "Check Redis (dependencies/redis) and the way to it (network/egress-redis).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }) {
    const looked = seenOf(lines, ["redis"]);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    return found(count === 0 ? "none" : "errors", summary, evidence);
  },
});
