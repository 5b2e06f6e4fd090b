import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { edgeLayer, familyOf, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { authHealth } from "#facts/auth-health.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { otherModels as fact } from "#facts/other-models.ts";
import { registeredModel } from "#facts/registered-model.ts";
import { tlsCertificates } from "#facts/tls-certificates.ts";

/** How far the fault reaches: this model, this service, or further. */
export const otherModels = defineCheck({
  id: "scope/other-models",
  question: "Do the other models of this service answer, and our other hosts?",
  needs: { others: fact },
  optional: {
    own: keyedPrediction,
    auth: authHealth,
    registry: registeredModel,
    hosts: tlsCertificates,
  },
  outcomes: {
    "others-work": ok(
      "The other models of this service answer, or refuse this model's key as they should.",
    ),
    "others-fail-too": failing(
      "Other models of this service fail as well: the fault is the service's, not this model's.",
      "Treat it as an outage of the service; tell the other models' customers too.",
    ),
    wider: failing(
      "Other models of this service fail, and so do other hosts of ours: the fault reaches beyond this service.",
      "Look for what they share (name servers, certificates, region, auth service) before anything of this service.",
    ),
  },
  noise: "probe",
  judge({ others, own, auth, registry, hosts = [] }) {
    const evidence = others.map(({ model, seen }) => ({
      label: `model ${model}`,
      seen: seenLine(seen),
      wanted: "200, or a refusal of the key or its rate",
    }));
    const failed = others.filter(
      ({ seen }) =>
        edgeLayer(seen) !== "app" || ![200, 401, 403, 404, 422, 429].includes(seen.status ?? 0),
    );
    if (failed.length === 0) {
      const refused = others.filter(({ seen }) => isRefusal(seen)).length;
      // The key's scope is checked before anything that could fail behind it.
      if (own !== undefined && refused === others.length && failsBehindKey(own.seen))
        return cannotTell(
          "the other models refuse this model's key, and what fails here lies behind that refusal",
          "see logs/model-errors for the other models; a key with the scope of two models would tell",
        );
      const answer = `${others.length} of ${others.length} other models answer`;
      return found("others-work", answer, evidence);
    }
    const elsewhere = [
      ...(auth === undefined ? [] : [auth]),
      ...(registry === undefined ? [] : [registry.answer]),
      ...hosts.filter(({ role }) => role === "website"),
    ].filter(isDown);
    const names = failed.map(({ model }) => model).join(", ");
    const summary = `${failed.length} of ${others.length} other models fail: ${names}`;
    if (elsewhere.length === 0) return found("others-fail-too", summary, evidence);
    return found("wider", `${summary}; so do ${elsewhere.map(({ host }) => host).join(", ")}`, [
      ...evidence,
      ...elsewhere.map((seen) => ({ label: seen.host, seen: seenLine(seen), wanted: "an answer" })),
    ]);
  },
});

type Seen = Parameters<typeof familyOf>[0] & { readonly status?: number | null };

const isDown = (seen: Seen): boolean => familyOf(seen) !== "answered" || (seen.status ?? 0) >= 500;

const isRefusal = ({ status }: HttpObservation): boolean => status === 401 || status === 403;

/** An answer of the application other than a refusal of the key, or none although it was reached. */
const failsBehindKey = (seen: HttpObservation): boolean =>
  familyOf(seen) === "timeout" ||
  (edgeLayer(seen) === "app" && ![200, 401, 403, 405, 429].includes(seen.status ?? 0));
