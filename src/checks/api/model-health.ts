import { defineCheck } from "#core/check.ts";
import { modelHealth as fact } from "#facts/model-health.ts";
import { judgeModelEndpoint, modelEndpointOutcomes } from "./model-endpoint.ts";

/** A model that is unknown here and predictions that fail are one fault, not two. */
export const modelHealth = defineCheck({
  id: "api/model-health",
  question: "Does the API say that the model is healthy?",
  needs: { seen: fact },
  outcomes: modelEndpointOutcomes,
  noise: "probe",
  judge: ({ seen }, context) => judgeModelEndpoint(seen, context),
});
