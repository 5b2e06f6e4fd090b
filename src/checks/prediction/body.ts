import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { openapi } from "#facts/openapi.ts";
import { matchingOperations } from "../routes/matching.ts";

/** Told by the schema alone, before any prediction: a renamed field makes every caller's request 422. */
export const body = defineCheck({
  id: "prediction/body",
  question: "Does the canonical body fit the schema that the API publishes?",
  needs: { api: openapi },
  outcomes: {
    fits: ok("The published schema takes the canonical body."),
    misfit: failing(
      "The published schema refuses the canonical body: whoever follows the documents gets 422.",
      "The finding names the fields. Correct the documents and the catalogue, or bring the field back.",
    ),
  },
  noise: "probe",
  judge({ api }, { target }) {
    const operation = matchingOperations(api, target).find(({ methods }) =>
      methods.includes("POST"),
    );
    if (operation === undefined)
      return cannotTell("no POST route is published for this path", "see routes/predict");
    const problems = operation.bodyProblems ?? null;
    if (problems === null)
      return cannotTell(
        "the API publishes no readable schema for the body",
        "declare the request model of the route, so that openapi.json has it",
      );
    const evidence = problems.map(({ field, message }) => ({
      label: field === "" ? "body" : `body.${field}`,
      seen: message,
    }));
    const [first] = evidence;
    return first === undefined
      ? found("fits", "no field is missing or of another type", evidence)
      : found("misfit", `${first.label} ${first.seen}${more(evidence.length - 1)}`, evidence);
  },
});

const more = (count: number): string => (count === 0 ? "" : `, and ${count} more`);
