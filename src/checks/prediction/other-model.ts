import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { otherModels } from "#facts/other-models.ts";

/** Refusal means scope only where the same key works for its own model. */
export const otherModel = defineCheck({
  id: "prediction/other-model",
  question: "Is the scoped key refused for models that are not its own?",
  needs: { prediction: keyedPrediction, others: otherModels },
  outcomes: {
    refused: ok("The key works for its own model only."),
    accepted: degraded(
      "The key also works for another model.",
      "Narrow the key's scope; if customers' keys are alike, the API does not enforce scopes.",
    ),
  },
  noise: "probe",
  judge({ prediction, others }) {
    const evidence = others.map(({ model, seen }) => ({
      label: `model ${model}`,
      seen: seenLine(seen),
      wanted: "401, 403 or 404",
    }));
    const accepted = others.find(({ seen }) => seen.status === 200 && edgeLayer(seen) === "app");
    if (accepted !== undefined)
      return found("accepted", `model ${accepted.model}: ${seenLine(accepted.seen)}`, evidence);
    if (prediction.seen.status !== 200) {
      return cannotTell(
        "the key does not work for its own model either",
        "see prediction/with-key",
      );
    }
    const refused = others.filter(({ seen }) => [401, 403, 404].includes(seen.status ?? 0));
    if (refused.length < others.length)
      return cannotTell("another model neither answered nor refused", "see scope/other-models");
    return found(
      "refused",
      `refused for ${refused.length} of ${others.length} other models`,
      evidence,
    );
  },
});
