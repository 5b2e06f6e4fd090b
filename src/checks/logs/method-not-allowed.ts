import { defineCheck, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const methodNotAllowed = defineCheck({
  id: "logs/method-not-allowed",
  question: "Did the API itself answer 405 to predictions?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no 405 for a POST to a predict path."),
    some: failing(
      "The API itself refuses POST on the predict path: the route is not registered for it.",
      "See which methods are registered (routes/predict); deploy the revision that registered POST.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = seenOf(lines, ["method-not-allowed"], now);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    return found(count === 0 ? "none" : "some", summary, evidence);
  },
});
