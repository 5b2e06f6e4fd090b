import { apiRule, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const loginBeforeApi: Fault = {
  id: "login-before-api",
  title: "The company's log-in was put in front of the API: clients with a key are sent to a page",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    const { actions } = rule;
    rule.actions = [
      {
        type: "authenticate-oidc",
        order: 1,
        issuer: "https://login.hokus.ai",
        authorizationEndpoint: "https://login.hokus.ai/oauth2/authorize",
        tokenEndpoint: "https://login.hokus.ai/oauth2/token",
        userInfoEndpoint: "https://login.hokus.ai/oauth2/userinfo",
        clientId: "hokusai-internal-tools",
        sessionCookieName: "AWSELBAuthSessionCookie",
        scope: "openid",
        sessionTimeout: 604_800,
        onUnauthenticatedRequest: "authenticate",
      },
      ...actions.map((action) => ({ ...action, order: action.order + 1 })),
    ];
    trailOfBalancer(world, "ModifyRule", "ListenerRule", rule.arn);
    return () => void (rule.actions = actions);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
