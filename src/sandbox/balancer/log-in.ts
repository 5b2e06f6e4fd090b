/** Where a load balancer sends somebody who has to log in first. */
import type { LogInAction, WorldState } from "../world/state.ts";
import { hexId } from "../world/state.ts";

const hostedPage = (state: WorldState, domain: string): string =>
  domain.includes(".") ? domain : `${domain}.auth.${state.region}.amazoncognito.com`;

/** The authorization endpoint with what the code flow of OAuth 2.0 wants to know. */
export const toLogInPage = (state: WorldState, action: LogInAction, asked: URL): string => {
  const page = new URL(
    action.type === "authenticate-oidc"
      ? action.authorizationEndpoint
      : `https://${hostedPage(state, action.userPoolDomain)}/oauth2/authorize`,
  );
  const clientId = action.type === "authenticate-oidc" ? action.clientId : action.userPoolClientId;
  for (const [name, value] of [
    ["client_id", clientId],
    ["redirect_uri", `https://${asked.hostname}/oauth2/idpresponse`],
    ["response_type", "code"],
    ["scope", action.scope],
    ["state", hexId(48)],
  ] as const)
    page.searchParams.set(name, value);
  return page.href;
};
