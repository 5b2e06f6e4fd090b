import { defineCheck, degraded, found, ok, past } from "#core/check.ts";
import { utcSpan } from "#core/clock.ts";
import { logAttempt } from "#facts/log-attempt.ts";
import type { LogKind } from "#facts/log-lines/kinds.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

/** What says most about one failed request comes first: a service that does not start explains the rest. */
const order = [
  ["startup-errors", ["missing-variable", "startup"]],
  ["method-not-allowed", ["method-not-allowed"]],
  ["auth-errors", ["auth-unresolved", "auth-timeout", "auth-error"]],
  [
    "dependency-errors",
    ["redis-unresolved", "redis", "database-unresolved", "database", "hub-unresolved", "hub"],
  ],
  ["model-errors", ["model-error"]],
  ["other-errors", ["other-error"]],
] as const satisfies readonly (readonly [string, readonly LogKind[]])[];

/**
 * The log around the customer's attempt (`--at`), read besides the newest minutes and never instead of them:
 * on-call needs to know both what failed then and what fails now. Its lines are evidence about that attempt,
 * and the hypotheses are about now, so every outcome but the normal one is history: shown, and not weighed.
 * Where the fault goes on, the newest window and the probes say so themselves, and counting the same fault
 * twice would only make it look surer. Where it is over, weighing would accuse what works by now.
 * An attempt of the last minutes lies in the newest window too, and is weighed there.
 */
export const attempt = defineCheck({
  id: "logs/attempt",
  question: "What did the API log around the customer's attempt?",
  needs: { attempt: logAttempt },
  outcomes: {
    none: ok(
      "The API complained of nothing within five minutes of the attempt. The request may never have arrived, or was answered as it should be.",
    ),
    "startup-errors": past(
      degraded(
        "Tasks could not start when the customer tried.",
        "Compare with ecs/stopped-tasks and changes/recent; if it is over, tell the customer when.",
      ),
    ),
    "method-not-allowed": past(
      degraded(
        "The API itself answered 405 to predictions when the customer tried.",
        "See whether the route is registered now (routes/predict).",
      ),
    ),
    "auth-errors": past(
      degraded(
        "The API had trouble with its auth service when the customer tried.",
        "See whether it goes on (logs/auth, dependencies/auth).",
      ),
    ),
    "dependency-errors": past(
      degraded(
        "The API had trouble with Redis, its database or the hub when the customer tried.",
        "See whether it goes on (logs/redis, logs/database, logs/hub).",
      ),
    ),
    "model-errors": past(
      degraded(
        "Requests for this model ended in server errors when the customer tried.",
        "See whether it goes on (logs/model-errors).",
      ),
    ),
    "other-errors": past(
      degraded(
        "The API logged errors of no known kind when the customer tried.",
        "Read the lines in the finding.",
      ),
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ attempt: lines }, { reported, now }) {
    const { groups, ofRequest } = lines;
    const span = utcSpan(Date.parse(lines.from), Date.parse(lines.to), now);
    const own = ofRequest.map((line) => ({ label: line.at, seen: line.text }));
    const id = reported?.requestId ?? null;
    const traced =
      id === null
        ? ""
        : `; ${ofRequest.length === 0 ? "no line has" : `${ofRequest.length} with`} the request's id`;
    const kind = order.find(([, kinds]) =>
      kinds.some((one) => (groups?.kinds[one].count ?? 0) > 0),
    );
    const looked = seenOf(lines, kind?.[1] ?? order.flatMap(([, kinds]) => kinds), now);
    if ("notRun" in looked) return looked;
    if (kind === undefined) return found("none", `no complaint ${span}${traced}`, own);
    return found(kind[0], `${looked.seen.summary}${traced}`, [...own, ...looked.seen.evidence]);
  },
});
