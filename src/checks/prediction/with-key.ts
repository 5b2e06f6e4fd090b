import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import {
  allowedMethods,
  familyOf,
  methodNotAllowedBy,
  notFoundBy,
  refusedPlace,
  seenLine,
} from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import type { Reported } from "#core/target.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { serviceMetrics } from "#facts/service-metrics.ts";
import { recentAnswers, type RecentAnswers } from "../load-balancer/recent-answers.ts";

/** The only check whose pass means "it works". */
export const withKey = defineCheck({
  id: "prediction/with-key",
  question: "Does the canonical request with a scoped key give a prediction?",
  needs: { prediction: keyedPrediction },
  optional: { metrics: serviceMetrics },
  outcomes: {
    answered: ok("The API predicts, and the answer keeps its promised shape and range."),
    "wrong-shape": failing(
      "The API says success, but the answer is not what customers were promised.",
      "Compare the answer with the published contract; look at the newest model version.",
    ),
    "unauthorised-401": failing(
      "The API refuses the scoped key.",
      "See whether the key is still valid; auth/layers tells which layer refuses it.",
    ),
    "forbidden-403": failing(
      "The API knows the key but does not let it call this model.",
      "See the key's scope; auth/layers tells which layer refuses it.",
    ),
    "own-key-refused": degraded(
      "The API refuses the key that this check was given, and next to nothing of what real callers send: the key is spent, not the API.",
      "Give the check a valid key for this model; until then a prediction cannot be tried.",
    ),
    "not-found-404": failing(
      "The route itself says that it does not find what was asked for: the model.",
      "See model/deployed and model/registered.",
    ),
    "no-route-404": failing(
      "Nothing serves this path: the application's router, or a server before it, does not know it.",
      'See routes/predict ({"detail":"Not Found"} is the router\'s own), then load-balancer/routing.',
    ),
    "method-not-allowed-405": failing(
      "POST is not allowed on the canonical URL.",
      "JSON with an Allow header: the application lacks the POST route (routes/predict). HTML: another server answered.",
    ),
    "invalid-422": failing(
      "The API refuses the canonical body or id.",
      "`loc` in the answer names the field: in `path` a UUID route took the request (routes/predict), in `body` the contract changed.",
    ),
    "refused-4xx": failing(
      "The API refuses the canonical request, with a status that neither key, model, route nor body explains.",
      "Read the answer in the evidence, and logs/model-errors around this time.",
    ),
    "throttled-429": degraded(
      "The scoped key is over its limit.",
      "Wait, and look at the limits of the key; do not check in a loop.",
    ),
    "server-error-5xx": failing(
      "The API fails on the canonical request.",
      "Read logs/model-errors around this time; edge/reach says whether the load balancer made the error.",
    ),
    "unavailable-503": failing(
      "Something says that it is unavailable, with the key only or always.",
      "With a key only (prediction/without-key is 401): the auth service. Always: no target (load-balancer/targets).",
    ),
    timeout: failing(
      "The request with a key gets no answer in the time customers wait.",
      "401 at once without a key: see auth/layers and logs/auth. Else the model loads slowly, or nothing answers.",
    ),
    "no-connection": failing("No connection to the API could be made or kept.", "See edge/reach."),
  },
  noise: "probe",
  judge({ prediction: { seen, contract, waitedSeconds }, metrics }, { reported, now }) {
    const by = methodNotAllowedBy(seen);
    const evidence = [
      {
        label: "POST with the scoped key",
        seen: seenLine(seen),
        wanted: `200 JSON within ${waitedSeconds} s`,
      },
      ...(contract === null
        ? []
        : [{ label: "contract", seen: contract.detail, wanted: "as promised" }]),
      ...(by === null
        ? []
        : [
            {
              label: "who says 405",
              seen: `${by}, Allow: ${allowedMethods(seen)?.join(", ") ?? "absent"}`,
            },
          ]),
      ...(seen.outcome === "answered" && seen.status !== 200
        ? [{ label: "answer", seen: seen.body.slice(0, 300) }]
        : []),
      { label: "request id", seen: seen.requestId },
    ];
    const real = metrics === undefined ? null : recentAnswers(metrics, now);
    const answer = outcomeFor(seen, contract?.holds ?? false);
    const isRefused = answer === "unauthorised-401" || answer === "forbidden-403";
    const ownAlone = isRefused && !complainsOfRefusal(reported) && isAnswered(real);
    const outcome = ownAlone ? "own-key-refused" : answer;
    const said = [
      ownAlone ? `while of ${real?.all} requests ${real?.target4xx} were refused` : null,
      contract?.detail ?? (outcome === "invalid-422" ? refusedPlace(seen) : null),
      outcome === "answered" ? cachedKey : null,
    ].filter((part) => part !== null);
    return found(outcome, [seenLine(seen), ...said].join(", "), evidence);
  },
});

/** Fewer requests of real callers say nothing of their keys. */
const fewest = 20;
/** Somebody is always refused. */
const everydayShare = 0.02;

const isAnswered = (real: RecentAnswers | null): boolean =>
  real !== null && real.all >= fewest && real.target4xx / real.all < everydayShare;

const refusals: ReadonlySet<string> = new Set(["401", "403"]);

const complainsOfRefusal = (reported: Reported | null): boolean =>
  reported?.symptom != null && refusals.has(reported.symptom);

/** The API asks about a key once in five minutes: a 200 may be owed to what it remembers. */
const cachedKey = "which proves nothing of the auth service (checked keys are kept 5 minutes)";

function outcomeFor(seen: HttpObservation, holds: boolean) {
  const family = familyOf(seen);
  if (family === "timeout") return "timeout";
  if (family !== "answered") return "no-connection";
  const status = seen.status ?? 0;
  switch (status) {
    case 200:
      return holds ? "answered" : "wrong-shape";
    case 401:
      return "unauthorised-401";
    case 403:
      return "forbidden-403";
    case 404:
      return notFoundBy(seen) === "application" ? "not-found-404" : "no-route-404";
    case 405:
      return "method-not-allowed-405";
    case 400:
    case 422:
      return "invalid-422";
    case 429:
      return "throttled-429";
    case 503:
      return "unavailable-503";
    default:
      if (status >= 500) return "server-error-5xx";
      return status >= 400 ? "refused-4xx" : "wrong-shape";
  }
}
