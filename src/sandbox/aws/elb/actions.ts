import type { Action, Condition, LogInAction, Rule, Transform } from "../../world/state.ts";

/** A rule as the API writes it; the default rule has the priority "default". */
export const toRule = (rule: Rule) => ({
  RuleArn: rule.arn,
  Priority: rule.priority === null ? "default" : String(rule.priority),
  Conditions: rule.conditions.map(toCondition),
  Actions: rule.actions.map(toAction),
  Transforms: (rule.transforms ?? []).map(toTransform),
  IsDefault: rule.priority === null,
});

export const toAction = (action: Action) => {
  if (action.type === "forward") {
    const only = action.targetGroups.length === 1 ? action.targetGroups[0] : undefined;
    return {
      Type: "forward",
      Order: action.order,
      // The short form is there only when there is one target group.
      TargetGroupArn: only?.targetGroupArn,
      ForwardConfig: {
        TargetGroups: action.targetGroups.map((one) => ({
          TargetGroupArn: one.targetGroupArn,
          Weight: one.weight,
        })),
        TargetGroupStickinessConfig: { Enabled: false },
      },
    };
  }
  if (action.type === "redirect") {
    return {
      Type: "redirect",
      Order: action.order,
      RedirectConfig: {
        Protocol: action.protocol,
        Port: action.port,
        Host: action.host,
        Path: action.path,
        Query: action.query,
        StatusCode: action.statusCode,
      },
    };
  }
  if (action.type === "authenticate-oidc" || action.type === "authenticate-cognito")
    return toLogIn(action);
  return {
    Type: "fixed-response",
    Order: action.order,
    FixedResponseConfig: {
      MessageBody: action.messageBody,
      StatusCode: action.statusCode,
      ContentType: action.contentType,
    },
  };
};

/** The client's secret is never told. */
const toLogIn = (action: LogInAction) => {
  const shared = {
    SessionCookieName: action.sessionCookieName,
    Scope: action.scope,
    SessionTimeout: action.sessionTimeout,
    OnUnauthenticatedRequest: action.onUnauthenticatedRequest,
  };
  if (action.type === "authenticate-cognito") {
    return {
      Type: action.type,
      Order: action.order,
      AuthenticateCognitoConfig: {
        UserPoolArn: action.userPoolArn,
        UserPoolClientId: action.userPoolClientId,
        UserPoolDomain: action.userPoolDomain,
        ...shared,
      },
    };
  }
  return {
    Type: action.type,
    Order: action.order,
    AuthenticateOidcConfig: {
      Issuer: action.issuer,
      AuthorizationEndpoint: action.authorizationEndpoint,
      TokenEndpoint: action.tokenEndpoint,
      UserInfoEndpoint: action.userInfoEndpoint,
      ClientId: action.clientId,
      ...shared,
    },
  };
};

const toTransform = ({ type, rewrites }: Transform) => {
  const Rewrites = rewrites.map(({ regex, replace }) => ({ Regex: regex, Replace: replace }));
  return type === "url-rewrite"
    ? { Type: type, UrlRewriteConfig: { Rewrites } }
    : { Type: type, HostHeaderRewriteConfig: { Rewrites } };
};

/** A condition has patterns or regular expressions, not both; what it has not is not told. */
const toMatching = (condition: { values: string[]; regexValues?: string[] }) =>
  condition.regexValues === undefined
    ? { Values: condition.values }
    : { RegexValues: condition.regexValues };

const toCondition = (condition: Condition) => {
  switch (condition.field) {
    case "path-pattern":
      return {
        Field: condition.field,
        ...toMatching(condition),
        PathPatternConfig: toMatching(condition),
      };
    case "host-header":
      return {
        Field: condition.field,
        ...toMatching(condition),
        HostHeaderConfig: toMatching(condition),
      };
    case "http-request-method":
      return { Field: condition.field, HttpRequestMethodConfig: { Values: condition.values } };
    case "http-header":
      return {
        Field: condition.field,
        HttpHeaderConfig: { HttpHeaderName: condition.headerName, ...toMatching(condition) },
      };
    case "query-string":
      return {
        Field: condition.field,
        QueryStringConfig: {
          Values: condition.values.map((one) => ({ Key: one.key, Value: one.value })),
        },
      };
    case "source-ip":
      return { Field: condition.field, SourceIpConfig: { Values: condition.values } };
  }
};
