import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { familyOf, seenLine } from "#core/observation.ts";
import { registeredModel } from "#facts/registered-model.ts";

/** The registry is where a new deployment takes its model from. */
export const registered = defineCheck({
  id: "model/registered",
  question: "Is the model in the registry?",
  needs: { registry: registeredModel },
  outcomes: {
    present: ok("The registry knows the model and has a version of it."),
    missing: failing(
      "The registry does not know the model, or has no version of it.",
      "Register the model again, or correct dependencies.registry.model.",
    ),
    unreachable: degraded(
      "The registry does not answer, or only with errors. What is deployed keeps working; nothing new can be.",
      "See whether the registry's own service runs, and its load balancer.",
    ),
  },
  noise: "read",
  judge({ registry: { model, answer, latest } }) {
    const evidence = [
      {
        label: `registered model ${model}`,
        seen:
          latest === null
            ? seenLine(answer)
            : `version ${latest.version}, ${latest.stage}, ${latest.status}`,
        wanted: "a version",
      },
    ];
    if (answer.status === 200 && latest !== null)
      return found("present", `version ${latest.version} (${latest.stage})`, evidence);
    if (answer.status === 200)
      return found("missing", "registered, but without a version", evidence);
    if (answer.status === 404) return found("missing", `no model "${model}"`, evidence);
    if (familyOf(answer) !== "answered" || (answer.status ?? 0) >= 500)
      return found("unreachable", seenLine(answer), evidence);
    return cannotTell(
      `the registry could not be asked: ${seenLine(answer)}`,
      "see dependencies.registry (url, token) in hokusai.yaml",
    );
  },
});
