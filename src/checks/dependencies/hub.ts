import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { seenLine } from "#core/observation.ts";
import { hubRepository } from "#facts/hub-repository.ts";

/** The API loads the model from here on its first request; a loaded model outlives the hub's outage. */
export const hub = defineCheck({
  id: "dependencies/hub",
  question: "Can the model's repository on the hub be read?",
  needs: { hub: hubRepository },
  outcomes: {
    ok: ok("The hub answers, takes the token and shows the repository."),
    unauthorised: failing(
      "The hub refuses the token: the API cannot load the model.",
      "Issue a new read token and put it into the API's secret; then deploy again.",
    ),
    "not-found": failing(
      "The token is good, but does not see the repository.",
      "See whether the repository was renamed or deleted, and whether the token's owner may read it.",
    ),
    unreachable: failing(
      "The hub does not answer, or only with errors.",
      "See the hub's status page; models that are loaded already keep working.",
    ),
  },
  noise: "probe",
  judge({ hub: { repository, token, model } }) {
    const evidence = [
      ...(token === null ? [] : [{ label: "token", seen: seenLine(token), wanted: "200" }]),
      ...(model === null
        ? []
        : [{ label: `repository ${repository ?? ""}`, seen: seenLine(model), wanted: "200" }]),
    ];
    const asked = [token, model].filter((seen) => seen !== null);
    const dead = asked.find((seen) => seen.status === null || seen.status >= 500);
    if (dead !== undefined) return found("unreachable", seenLine(dead), evidence);
    if (token !== null && [401, 403].includes(token.status ?? 0))
      return found("unauthorised", `token: ${seenLine(token)}`, evidence);
    if (model?.status === 200) return found("ok", `repository: ${seenLine(model)}`, evidence);
    if (token?.status === 200 && model === null)
      return found("ok", "the token is good; no repository is named", evidence);
    if (token?.status === 200 && [401, 403, 404].includes(model?.status ?? 0))
      return found("not-found", `${repository ?? ""}: ${model?.status ?? ""}`, evidence);
    return cannotTell(
      "the hub answers, but a private repository needs a token to be seen",
      "set dependencies.hub.token on the service",
    );
  },
});
