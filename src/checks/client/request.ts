import { cannotTell, defineCheck, failing, found, ok, type Found } from "#core/check.ts";
import type { Evidence } from "#core/finding.ts";
import {
  edgeLayer,
  familyOf,
  methodNotAllowedBy,
  notFoundBy,
  refusedPlace,
  seenLine,
} from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import type { Difference } from "#core/request-difference.ts";
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
    "differs-too": failing(
      "The customer calls another path or method than the API serves; the right request fails as well, and in the same way.",
      "Two things to mend: see prediction/with-key for ours, and send the customer the right path and method.",
    ),
    "same-fails": failing(
      "The customer's request is right, and fails for us as well.",
      "The fault is ours: see prediction/with-key and edge/reach.",
    ),
  },
  noise: "probe",
  judge({ requests, prediction, edge }) {
    const canonical = prediction?.seen ?? edge?.post;
    const works = prediction?.contract?.holds ?? prediction?.seen.status === 200;
    const shown: Evidence[] = requests.map(toEvidence);
    shown.push({
      label: `corrected request (${canonical?.key ?? "no"} key)`,
      seen: canonical === undefined ? "could not be tried" : seenLine(canonical),
      wanted: "200 JSON",
    });
    if (works)
      shown.push({
        label: "what that means",
        seen: "the corrected request works: what differs is the caller's configuration, no outage",
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
  "differs-too",
  "same-fails",
  "works-as-sent",
  "same",
] as const;
type Name = (typeof order)[number];

const toEvidence = (one: ClientRequest): Evidence => {
  const parts = one.differences.map(
    (difference) => `${difference.part} ${difference.seen} instead of ${difference.wanted}`,
  );
  const seen = [
    one.unreadable ? "cannot be read as an address" : `${one.method} ${one.url}`,
    parts.join("; "),
    one.seen === null && one.role === null && !one.unreadable
      ? "not sent: not our host"
      : answerLine(one),
  ];
  return {
    label: one.source,
    seen: seen.filter((part) => part !== "").join(": "),
    wanted: "no difference",
  };
};

/** "422 JSON in 20 ms, body.inputs.industry: Field required (scoped key)"; empty where nothing was tried. */
function answerLine({ seen, contract, untried }: ClientRequest): string {
  if (seen === null) return untried == null ? "" : `not tried: ${untried}`;
  const place = seen.status === 422 ? refusedPlace(seen) : null;
  const broken = contract != null && !contract.holds ? `no prediction: ${contract.detail}` : null;
  const more = [place, broken].filter((part) => part !== null).map((part) => `, ${part}`);
  return `${seenLine(seen)}${more.join("")} (${seen.key} key)`;
}

const outcomeOf: Readonly<Record<Difference["part"], Name>> = {
  host: "other-path",
  scheme: "other-path",
  path: "other-path",
  method: "other-method",
  header: "other-header",
  fields: "other-fields",
};

/** Which part an answer speaks of, where several differ: 401 of the key, 422 of the body. */
const partOf = (status: number | null): Difference["part"] | null =>
  status === 401 || status === 403
    ? "header"
    : status === 405
      ? "method"
      : status === 404
        ? "path"
        : status === 422 || status === 400 || status === 415
          ? "fields"
          : null;

function judgeOne(
  one: ClientRequest,
  keyed: HttpObservation | undefined,
  bare: HttpObservation | undefined,
): Found<Name> | null {
  const answer = answerLine(one);
  const after = answer === "" ? "" : `: ${answer}`;
  const host = one.url === "" ? "" : new URL(one.url).host;
  if (one.role === null)
    return found(
      "not-our-host",
      one.unreadable ? "what was given is no HTTP address" : `${host} is not in the catalogue`,
    );
  const answered = one.seen?.status === 200 && one.seen.key !== "dummy";
  if (answered && (one.contract?.holds ?? true))
    return found("works-as-sent", `${one.method} ${one.url}${after}`);
  const parts = one.differences.map(({ part }) => part);
  if (one.role !== "api" && parts.includes("host")) {
    return found(
      one.seen?.status === 405 ? "other-host-405" : "other-host-other",
      `${one.method} ${host} instead of the API's host${after}`,
    );
  }
  const told = partOf(one.seen?.status ?? null);
  const difference =
    one.differences.find(({ part }) => part === told) ?? one.differences.find(Boolean);
  if (difference === undefined) return judgeCanonical(keyed, bare);
  // Of a body the wanted fields are many: the evidence has them.
  const instead = difference.part === "fields" ? "" : ` instead of ${difference.wanted}`;
  const named = `${difference.part} ${difference.seen}${instead}`;
  // Where the right request fails in the same way, nobody can say that a header or a field matters.
  const right = keyed ?? bare;
  if (one.seen !== null && right !== undefined && right.status !== 200 && alike(one.seen, right)) {
    const astray = difference.part === "path" || difference.part === "method";
    const fails = astray ? "differs-too" : "same-fails";
    return found(
      methodNotAllowedBy(right) === "application" ? "same-405-json" : fails,
      `fails as the canonical request does${after}; it differs as well: ${named}`,
    );
  }
  return found(outcomeOf[difference.part], `${named}${after}`);
}

/** The same status, said by the same layer (no route is another 404 than no model), or no answer of the same kind. */
const alike = (one: HttpObservation, other: HttpObservation): boolean =>
  one.key === other.key &&
  one.status === other.status &&
  familyOf(one) === familyOf(other) &&
  notFoundBy(one) === notFoundBy(other) &&
  edgeLayer(one) === edgeLayer(other);

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
