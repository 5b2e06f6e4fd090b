import { defineCheck, found, failing, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import { otherModels as fact } from "#facts/other-models.ts";

/** How far the fault reaches. A refusal by scope is a working answer: routes, auth and application live. */
export const otherModels = defineCheck({
  id: "scope/other-models",
  question: "Do the other models of this service answer?",
  needs: { others: fact },
  outcomes: {
    "others-work": ok(
      "The other models of this service answer, or refuse this model's key as they should.",
    ),
    "others-fail-too": failing(
      "Other models of this service fail as well: the fault is the service's, not this model's.",
      "Treat it as an outage of the service; tell the other models' customers too.",
    ),
  },
  noise: "probe",
  judge({ others }) {
    const evidence = others.map(({ model, seen }) => ({
      label: `model ${model}`,
      seen: seenLine(seen),
      wanted: "200, or a refusal of the key or its rate",
    }));
    const failed = others.filter(
      ({ seen }) =>
        edgeLayer(seen) !== "app" || ![200, 401, 403, 404, 422, 429].includes(seen.status ?? 0),
    );
    return failed.length > 0
      ? found(
          "others-fail-too",
          `${failed.length} of ${others.length} other models fail: ${failed.map(({ model }) => model).join(", ")}`,
          evidence,
        )
      : found("others-work", `${others.length} of ${others.length} other models answer`, evidence);
  },
});
