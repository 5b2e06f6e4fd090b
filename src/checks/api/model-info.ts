import { defineCheck } from "#core/check.ts";
import { modelInfo as fact } from "#facts/model-info.ts";
import { judgeModelEndpoint, modelEndpointOutcomes } from "./model-endpoint.ts";

/** A model that is unknown here and predictions that fail are one fault, not two. */
export const modelInfo = defineCheck({
  id: "api/model-info",
  question: "Does the API describe the model?",
  needs: { seen: fact },
  outcomes: modelEndpointOutcomes,
  noise: "probe",
  judge: ({ seen }, context) => judgeModelEndpoint(seen, context),
});
