import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { duration, edgeLayer, familyOf, isRecord, jsonOf, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { edgeReach } from "#facts/edge-reach.ts";
import { invalidKeyPrediction } from "#facts/invalid-key-prediction.ts";
import { keyElsewhere, type KeyPair } from "#facts/key-elsewhere.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";

const quickMs = 2_000;

/**
 * Refused at once without a key, stalled or unavailable with one: what checks keys cannot be reached.
 * Two refusals of different make for a good and an unknown key: two layers of authentication disagree.
 */
export const layers = defineCheck({
  id: "auth/layers",
  question:
    "Do requests without a key, with an unknown one and with a good one get consistent answers?",
  needs: { edge: edgeReach, invalid: invalidKeyPrediction },
  optional: { prediction: keyedPrediction, elsewhere: keyElsewhere },
  outcomes: {
    consistent: ok(
      "The answers without a key, with an unknown key and with a good one fit together.",
    ),
    "key-path-stalls": failing(
      "Without a key the answer comes at once; with one it stalls or is an outage: the API cannot reach what checks keys.",
      "Look at the path from the tasks to the auth service (network/egress-auth), at logs/auth, and at the auth service itself.",
    ),
    "layers-disagree": failing(
      "One layer of authentication lets a key pass and another refuses it.",
      "Let one layer decide: compare what the middleware and the endpoint each want of a key.",
    ),
  },
  noise: "probe",
  judge({ edge, invalid, prediction, elsewhere }) {
    const bare = edge.post;
    const good = prediction?.seen;
    const evidence = [
      { label: "without a key", seen: seenLine(bare), wanted: "401 at once" },
      { label: "with an unknown key", seen: seenLine(invalid), wanted: "401" },
      ...(good === undefined
        ? []
        : [{ label: "with the scoped key", seen: seenLine(good), wanted: "200" }]),
      ...(elsewhere ?? []).map((pair) => ({
        label: pair.what,
        seen: `${seenLine(pair.without)} without a key, ${seenLine(pair.with)} with the scoped one`,
      })),
    ];
    const refusedBare = bare.status === 401 || bare.status === 403;
    if (!refusedBare)
      return cannotTell(
        `without a key the answer is no refusal: ${seenLine(bare)}`,
        "see edge/reach and prediction/without-key",
      );
    if (broken(invalid)) {
      if (bare.totalMs > quickMs)
        return cannotTell(
          "requests without a key are slow as well",
          "see edge/reach and api/health",
        );
      return found(
        "key-path-stalls",
        `no key: ${bare.status} in ${duration(bare.totalMs)}; with a key: ${seenLine(invalid)}`,
        evidence,
      );
    }
    if (invalid.status !== null && (invalid.status === 200 || invalid.status === 422)) {
      return found(
        "layers-disagree",
        `an unknown key passes (${invalid.status}) where none at all is refused`,
        evidence,
      );
    }
    if (good !== undefined && refusedElsewhere(good, invalid, bare)) {
      return found(
        "layers-disagree",
        `the scoped key is refused (${good.status}) by another layer than an unknown one (${invalid.status})`,
        evidence,
      );
    }
    const passed = (elsewhere ?? []).find(accepted);
    if (good?.status === 401 && passed !== undefined) {
      return found(
        "layers-disagree",
        `the scoped key passes for ${passed.what} (${passed.with.status}), and the prediction refuses it (401)`,
        [...evidence, { label: "what the prediction says", seen: good.body.slice(0, 200) }],
      );
    }
    return found(
      "consistent",
      `none ${bare.status}, unknown ${invalid.status ?? invalid.outcome}, scoped ${good?.status ?? "not tried"}`,
      evidence,
    );
  },
});

/** An unknown key is never remembered, so the API had to ask, and could not. */
const broken = (seen: HttpObservation): boolean =>
  familyOf(seen) === "timeout" || (seen.status ?? 0) >= 500;

/** Refused without the key, and with it answered by what lies behind: 200, or a route's own 403, 404, 405. */
const accepted = (pair: KeyPair): boolean =>
  pair.without.status === 401 &&
  edgeLayer(pair.with) === "app" &&
  [200, 403, 404, 405, 422].includes(pair.with.status ?? 0);

/** Another layer: its refusal has other fields, or it says of a good key what is said of none at all. */
function refusedElsewhere(
  good: HttpObservation,
  invalid: HttpObservation,
  bare: HttpObservation,
): boolean {
  if (good.status !== 401 || invalid.status !== 401) return false;
  if (shape(good) !== shape(invalid)) return true;
  return words(good) === words(bare) && words(good) !== words(invalid);
}

const shape = (seen: HttpObservation): string => {
  const body = jsonOf(seen);
  return isRecord(body) ? Object.keys(body).toSorted().join() : "no JSON";
};
const words = (seen: HttpObservation): string =>
  seen.body
    .toLowerCase()
    .replace(/[0-9a-f-]{8,}|\d+/gu, "#")
    .replace(/\s+/gu, " ")
    .slice(0, 400);
