import type { Action, Condition, Rule } from "../../world/state.ts";

/** A rule as the API writes it; the default rule has the priority "default". */
export const toRule = (rule: Rule) => ({
  RuleArn: rule.arn,
  Priority: rule.priority === null ? "default" : String(rule.priority),
  Conditions: rule.conditions.map(toCondition),
  Actions: rule.actions.map(toAction),
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

const toCondition = (condition: Condition) => {
  switch (condition.field) {
    case "path-pattern":
      return {
        Field: condition.field,
        Values: condition.values,
        PathPatternConfig: { Values: condition.values },
      };
    case "host-header":
      return {
        Field: condition.field,
        Values: condition.values,
        HostHeaderConfig: { Values: condition.values },
      };
    case "http-request-method":
      return { Field: condition.field, HttpRequestMethodConfig: { Values: condition.values } };
    case "http-header":
      return {
        Field: condition.field,
        HttpHeaderConfig: { HttpHeaderName: condition.headerName, Values: condition.values },
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
