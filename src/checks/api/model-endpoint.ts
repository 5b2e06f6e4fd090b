import { cannotTell, degraded, failing, found, ok, type JudgeContext } from "#core/check.ts";
import { edgeLayer, notFoundBy, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";

/** What the endpoints that describe one model have in common: outcomes and how they are told. */
export const modelEndpointOutcomes = {
  ok: ok("The API answers for this model."),
  "not-found": failing(
    "The API does not know this model.",
    "See model/deployed and model/registered: is the model deployed under this id?",
  ),
  "no-route": failing(
    "The application has no such route: its router answers, before anything looks for the model.",
    "See routes/predict: which routers are included at start-up, and under which prefix.",
  ),
  failing: failing(
    "The API fails when it is asked for this model.",
    "Read the answer and logs/model-errors; see the model's dependencies.",
  ),
  slow: degraded(
    "The API takes more than two seconds to answer for this model.",
    "See metrics/saturation; a model that is loaded on demand is slow only once.",
  ),
};

export function judgeModelEndpoint(seen: HttpObservation, { target }: JudgeContext) {
  const evidence = [
    { label: `GET ${seen.url} (${seen.key} key)`, seen: seenLine(seen), wanted: "200 JSON" },
  ];
  if (seen.status === 401 || seen.status === 403) {
    return cannotTell(
      `answered ${seen.status} ${seen.key === "scoped" ? "to the scoped key" : "without a key"}`,
      `set ${target.service.api.probeKey.env} to a key that may read this model`,
    );
  }
  if (seen.status === 429)
    return cannotTell("our key is over its limit (429)", "wait a minute, then check again");
  const unknown = notFoundBy(seen);
  if (unknown === "router") return found("no-route", seenLine(seen), evidence);
  if (unknown === "application") return found("not-found", seenLine(seen), evidence);
  if (seen.status === null || seen.status > 299) return found("failing", seenLine(seen), evidence);
  const layer = edgeLayer(seen);
  if (layer !== "app")
    return cannotTell(
      `what answered is not the API (${layer})`,
      "see edge/reach: who answers there",
    );
  return found(seen.totalMs > 2_000 ? "slow" : "ok", seenLine(seen), evidence);
}
