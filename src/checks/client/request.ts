import { cannotTell, defineCheck, failing, found, ok, type Found } from "#core/check.ts";
import type { Evidence } from "#core/finding.ts";
import { edgeLayer, methodNotAllowedBy, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { clientRequests, type ClientRequest } from "#facts/client-requests.ts";
import { edgeReach } from "#facts/edge-reach.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";

/**
 * Composite: what the customer sends beside what works. One outcome, because host, status and body
 * of one answer are not independent evidence.
 */
export const request = defineCheck({
  id: "client/request",
  question: "Does the request that the customer sends differ from the one that works?",
  needs: { requests: clientRequests },
  optional: { prediction: keyedPrediction, edge: edgeReach },
  outcomes: {
    same: ok("The customer's request is the canonical one, and nothing speaks against it."),
    "works-as-sent": ok(
      "The customer's request differs from the canonical one, and works all the same.",
    ),
    "other-host-405": failing(
      "The customer calls another host of ours, which answers 405: the website, not the API.",
      "Tell the customer the right base URL, and correct the page or setting that they took it from.",
    ),
    "other-host-other": failing(
      "The customer calls another host of ours, which is not the API.",
      "Tell the customer the right base URL, and correct the page or setting that they took it from.",
    ),
    "not-our-host": failing(
      "The customer calls a host that the catalogue does not name. Nothing was sent there.",
      "Ask the customer for the base URL in their settings; it should be the API's.",
    ),
    "other-path": failing(
      "The customer calls the right host, but another path.",
      "Tell the customer the right path: most often the base URL's last part is missing or doubled.",
    ),
    "other-method": failing(
      "The customer uses another method than POST.",
      "Tell the customer to use POST.",
    ),
    "other-header": failing(
      "The customer sends the key in another header or form than the API reads, or none at all.",
      "Tell the customer which header the key belongs into, and in which form.",
    ),
    "other-fields": failing(
      "The customer sends other fields than the model takes.",
      "Tell the customer which fields are missing or unknown (the finding names them).",
    ),
    "same-405-json": failing(
      "The customer's request is right, and the application itself answers 405: the POST route is missing.",
      "See routes/predict: which router lost its POST route.",
    ),
    "same-fails": failing(
      "The customer's request is right, and fails for us as well.",
      "The fault is ours: see prediction/with-key and edge/reach.",
    ),
  },
  noise: "probe",
  judge({ requests, prediction, edge }) {
    const canonical = prediction?.seen ?? edge?.post;
    const shown: Evidence[] = requests.map(toEvidence);
    shown.push({
      label: `corrected request (${canonical?.key ?? "no"} key)`,
      seen: canonical === undefined ? "could not be tried" : seenLine(canonical),
      wanted: "200 JSON",
    });
    const reported = requests.filter((one) => one.source === "reported");
    const judged = (reported.length > 0 ? reported : requests).map((one) =>
      judgeOne(one, prediction?.seen, edge?.post),
    );
    const worst = order
      .map((outcome) => judged.find((one) => one?.outcome === outcome))
      .find((one) => one != null);
    if (worst != null) return { ...worst, evidence: shown };
    if (requests.length === 0) {
      return cannotTell(
        "nobody said which URL the customer calls",
        "give it with --url, or set customerUrls or documents on the model",
      );
    }
    return cannotTell(
      "the customer's request is the canonical one, and we could not try it",
      "set the scoped key",
    );
  },
});

const order = [
  "other-host-405",
  "other-host-other",
  "not-our-host",
  "same-405-json",
  "other-path",
  "other-method",
  "other-header",
  "other-fields",
  "same-fails",
  "works-as-sent",
  "same",
] as const;
type Name = (typeof order)[number];

const toEvidence = (one: ClientRequest): Evidence => {
  const parts = one.differences.map(
    (difference) => `${difference.part} ${difference.seen} instead of ${difference.wanted}`,
  );
  const answer =
    one.seen === null
      ? one.role === null
        ? "not sent: not our host"
        : ""
      : `${seenLine(one.seen)} (${one.seen.key} key)`;
  const seen = [
    one.unreadable ? "cannot be read as an address" : `${one.method} ${one.url}`,
    parts.join("; "),
    answer,
  ];
  return {
    label: one.source,
    seen: seen.filter((part) => part !== "").join(": "),
    wanted: "no difference",
  };
};

function judgeOne(
  one: ClientRequest,
  keyed: HttpObservation | undefined,
  bare: HttpObservation | undefined,
): Found<Name> | null {
  const parts = new Set(one.differences.map((difference) => difference.part));
  const answer = one.seen === null ? "" : `: ${seenLine(one.seen)}`;
  const host = one.url === "" ? "" : new URL(one.url).host;
  if (one.role === null)
    return found(
      "not-our-host",
      one.unreadable ? "what was given is no HTTP address" : `${host} is not in the catalogue`,
    );
  if (one.seen?.status === 200 && one.seen.key === "scoped")
    return found("works-as-sent", `${one.method} ${one.url}${answer}`);
  if (one.role !== "api" && parts.has("host")) {
    return found(
      one.seen?.status === 405 ? "other-host-405" : "other-host-other",
      `${one.method} ${host} instead of the API's host${answer}`,
    );
  }
  const difference = one.differences.find(
    ({ part }) => part === "path" || part === "scheme" || part === "host",
  );
  if (difference !== undefined)
    return found("other-path", `${difference.seen} instead of ${difference.wanted}${answer}`);
  if (parts.has("method")) return found("other-method", `${one.method} instead of POST${answer}`);
  for (const [part, outcome] of [
    ["header", "other-header"],
    ["fields", "other-fields"],
  ] as const) {
    const other = one.differences.find((candidate) => candidate.part === part);
    if (other !== undefined) return found(outcome, `${other.seen} instead of ${other.wanted}`);
  }
  return judgeCanonical(keyed, bare);
}

/** The request is right: what we got for it is what the customer gets, but for the key. */
function judgeCanonical(
  keyed: HttpObservation | undefined,
  bare: HttpObservation | undefined,
): Found<Name> | null {
  for (const seen of [keyed, bare]) {
    if (seen !== undefined && methodNotAllowedBy(seen) === "application")
      return found("same-405-json", `same request: ${seenLine(seen)}`);
  }
  if (keyed !== undefined) {
    return found(keyed.status === 200 ? "same" : "same-fails", `same request: ${seenLine(keyed)}`);
  }
  const failed = bare !== undefined && (edgeLayer(bare) !== "app" || (bare.status ?? 0) >= 500);
  return failed ? found("same-fails", `same request without a key: ${seenLine(bare)}`) : null;
}
