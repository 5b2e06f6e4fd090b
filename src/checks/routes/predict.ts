import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { apiUrl } from "#core/target.ts";
import { deployedModels } from "#facts/deployed-models.ts";
import { openapi, type Operation } from "#facts/openapi.ts";
import { matchingOperations, operationsOf } from "./matching.ts";

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/iu;

/**
 * Starlette matches in the order of registration: the first route with path and method wins; a path
 * without the method gives 405. Types are looked at only afterwards, so a UUID route can take "21" (422).
 */
export const predict = defineCheck({
  id: "routes/predict",
  question: "Is POST registered for the prediction path of this model?",
  needs: { api: openapi },
  optional: { deployed: deployedModels },
  outcomes: {
    registered: ok("The application has a POST route for this path that takes this model's id."),
    "post-missing": failing(
      "The application knows the path, but not for POST: it answers 405 and names other methods.",
      "See which router is included at start-up, and whether its prediction route was lost or changed to another method.",
    ),
    "path-missing": failing(
      "The application knows no route of this path: it answers 404.",
      "See that the model-serving router is included, and under which prefix.",
    ),
    shadowed: failing(
      "A route that wants a UUID takes this path first, and refuses the model's id with 422.",
      "Include the router that takes a string id first, or give one of the two another path.",
    ),
  },
  noise: "probe",
  judge({ api, deployed }, { target }) {
    if (api.operations.length === 0)
      return cannotTell("openapi.json lists no routes", "let the application publish its routes");
    const whole = new URL(apiUrl(target, "predict")).pathname;
    const matching = matchingOperations(api, target);
    const evidence = [
      ...matching
        .slice(0, 6)
        .map((operation, index) => ({ label: `route ${index + 1}`, seen: describe(operation) })),
      { label: "wanted", seen: `POST ${whole}`, wanted: "a route" },
      ...(deployed?.rows ?? []).slice(0, 2).map(({ id }) => {
        const path = new URL(apiUrl({ ...target, id }, "predict")).pathname;
        return {
          label: `POST with the deployed id ${id}`,
          seen: winnerOf(operationsOf(api, path), id),
        };
      }),
    ];
    if (matching.length === 0) return found("path-missing", `no route matches ${whole}`, evidence);
    const posts = matching.filter((operation) => operation.methods.includes("POST"));
    const [winner] = posts;
    if (winner === undefined) {
      const allowed = [...new Set(matching.flatMap((operation) => operation.methods))].join(", ");
      return found("post-missing", `the path is registered for ${allowed} only`, evidence);
    }
    if (takes(winner, target.id))
      return found("registered", `POST is served by ${describe(winner)}`, evidence);
    const later = posts.find((operation) => takes(operation, target.id));
    const summary =
      later === undefined
        ? `only a route for UUIDs takes POST: ${winner.path}`
        : `${winner.path} (UUID) stands before ${later.path}`;
    return found("shadowed", summary, evidence);
  },
});

/** Which route answers a POST for this id, in words. */
function winnerOf(matching: readonly Operation[], id: string): string {
  const posts = matching.filter(({ methods }) => methods.includes("POST"));
  const [winner, next] = posts;
  if (winner === undefined) return matching.length === 0 ? "404: no route" : "405: no POST route";
  if (!takes(winner, id)) return `422 by ${describe(winner)}`;
  return `${describe(winner)}${next === undefined ? "" : `, before ${next.path}`}`;
}

const takes = (operation: Operation, id: string): boolean =>
  operation.parameters.every((parameter) =>
    parameter.format === "uuid"
      ? uuid.test(id)
      : parameter.type === "integer"
        ? /^-?\d+$/u.test(id)
        : true,
  );

const describe = (operation: Operation): string => {
  const types = operation.parameters
    .map((parameter) => `${parameter.name}: ${parameter.format ?? parameter.type}`)
    .join(", ");
  return `${operation.methods.join("/")} ${operation.path}${types === "" ? "" : ` (${types})`}`;
};
