import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const modelErrors = defineCheck({
  id: "logs/model-errors",
  question: "Does the API log server errors for this model?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no 5xx answer or traceback for this model."),
    some: degraded(
      "Requests for this model end in server errors.",
      "Read the newest line; other log checks tell which dependency it names.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = seenOf(lines, ["model-error"], now);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    return found(count === 0 ? "none" : "some", summary, evidence);
  },
});
