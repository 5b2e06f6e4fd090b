import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { requestTrace } from "#facts/request-trace.ts";
import { logsConsole } from "../console.ts";

/** How far our own request got, by what was written about it on its way. */
export const request = defineCheck({
  id: "trace/request",
  question: "How far did our own request get, by the log?",
  needs: { trace: requestTrace, prediction: keyedPrediction },
  outcomes: {
    answer: ok("The application logged our request and answered it."),
    model: failing(
      "Our request passed authentication and got as far as the model, which did not answer it.",
      "Read the lines in the finding; see logs/model-errors, logs/hub and logs/database.",
    ),
    auth: failing(
      "Our request got as far as the check of its key, and no further.",
      "Read the lines in the finding; see auth/layers and network/egress-auth.",
    ),
    "load-balancer": failing(
      "The load balancer answered our request itself: it never got to the application.",
      "See load-balancer/targets and load-balancer/routing.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ trace, prediction: { seen } }) {
    const evidence = [
      { label: "X-Request-ID", seen: trace.requestId },
      { label: "answer", seen: seenLine(seen) },
      ...trace.lines.slice(0, 4).map((line) => ({ label: "log", seen: line.text.trim() })),
    ];
    if (!trace.group)
      return cannotTell("the log group does not exist", "name the right log group in hokusai.yaml");
    if (trace.lines.length === 0) {
      const layer = edgeLayer(seen);
      if (layer.startsWith("gateway") || layer.startsWith("load-balancer"))
        return found(
          "load-balancer",
          `${seenLine(seen)} by the load balancer, and no line`,
          evidence,
        );
      return cannotTell(
        `${trace.requestId} was not found within ${trace.waitedSeconds} s; the log driver may drop lines`,
        "log the X-Request-ID with each request, and look at the log driver's mode and buffer",
      );
    }
    const count = `${trace.lines.length} lines`;
    if (seen.status === 200) return found("answer", `answered, ${count}`, evidence);
    const kinds = trace.lines.map((line) => line.kind ?? "");
    const last = trace.lines.at(-1)?.text.trim().slice(0, 120) ?? "";
    if (kinds.some((kind) => kind.startsWith("auth")))
      return found("auth", `${seenLine(seen)}; ${last}`, evidence);
    const reached = trace.lines.some(({ text }) => /\bpredict/iu.test(text));
    if (reached || kinds.some((kind) => /^(?:hub|database|model)\b/u.test(kind)))
      return found("model", `${seenLine(seen)}; ${last}`, evidence);
    return cannotTell(`the lines do not say how far it got: ${last}`, "see the answer's own words");
  },
});
