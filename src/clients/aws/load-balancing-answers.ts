import type {
  Action,
  Listener as SdkListener,
  LoadBalancer as SdkLoadBalancer,
  Rule,
  RuleCondition as SdkCondition,
  RuleTransform as SdkTransform,
  TargetGroup as SdkTargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  Listener,
  ListenerRule,
  LoadBalancer,
  RuleAction,
  RuleCondition,
  RuleTransform,
  TargetGroup,
  TargetHealth,
} from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { present } from "./values.ts";

export const toLoadBalancer = (one: SdkLoadBalancer): LoadBalancer => ({
  arn: one.LoadBalancerArn ?? "",
  name: one.LoadBalancerName ?? "",
  dnsName: one.DNSName ?? "",
  scheme: one.Scheme ?? null,
  state: one.State?.Code ?? null,
  vpc: one.VpcId ?? null,
  securityGroups: one.SecurityGroups ?? [],
  subnets: present(one.AvailabilityZones).flatMap((zone) => zone.SubnetId ?? []),
});

export const toTargetGroup = (one: SdkTargetGroup): TargetGroup => ({
  arn: one.TargetGroupArn ?? "",
  name: one.TargetGroupName ?? "",
  targetType: one.TargetType ?? null,
  port: one.Port ?? null,
  protocol: one.Protocol ?? null,
  loadBalancers: one.LoadBalancerArns ?? [],
  healthCheck: {
    enabled: one.HealthCheckEnabled ?? true,
    path: one.HealthCheckPath ?? null,
    port: one.HealthCheckPort ?? null,
    protocol: one.HealthCheckProtocol ?? null,
    matcher: one.Matcher?.HttpCode ?? one.Matcher?.GrpcCode ?? null,
    intervalSeconds: one.HealthCheckIntervalSeconds ?? null,
    timeoutSeconds: one.HealthCheckTimeoutSeconds ?? null,
    healthyCount: one.HealthyThresholdCount ?? null,
    unhealthyCount: one.UnhealthyThresholdCount ?? null,
  },
});

export const toTargetHealth = (one: TargetHealthDescription, redactor: Redactor): TargetHealth => ({
  id: one.Target?.Id ?? "",
  port: one.Target?.Port ?? null,
  zone: one.Target?.AvailabilityZone ?? null,
  healthCheckPort: one.HealthCheckPort ?? null,
  state: one.TargetHealth?.State ?? "unknown",
  reason: one.TargetHealth?.Reason ?? null,
  description:
    one.TargetHealth?.Description === undefined
      ? null
      : redactor.text(one.TargetHealth.Description),
});

export const toListener = (one: SdkListener): Listener => ({
  arn: one.ListenerArn ?? "",
  port: one.Port ?? null,
  protocol: one.Protocol ?? null,
});

export const toRule = (one: Rule): ListenerRule => {
  const priority = Number(one.Priority);
  return {
    arn: one.RuleArn ?? "",
    priority: one.IsDefault === true || !Number.isInteger(priority) ? null : priority,
    conditions: present(one.Conditions).map(toCondition),
    actions: present(one.Actions)
      .map(toAction)
      .toSorted((a, b) => a.order - b.order),
    transforms: present(one.Transforms).map(toTransform),
  };
};

const toTransform = (one: SdkTransform): RuleTransform => ({
  type: one.Type ?? "unknown",
  rewrites: present((one.HostHeaderRewriteConfig ?? one.UrlRewriteConfig)?.Rewrites).map(
    ({ Regex, Replace }) => ({ regex: Regex ?? "", replace: Replace ?? "" }),
  ),
});

/** The older `Values` and the newer `...Config` say the same thing; either may be left out. */
const toCondition = (one: SdkCondition): RuleCondition => {
  const config =
    one.PathPatternConfig ??
    one.HostHeaderConfig ??
    one.HttpRequestMethodConfig ??
    one.HttpHeaderConfig ??
    one.SourceIpConfig;
  const regexes = [
    one.PathPatternConfig?.RegexValues,
    one.HostHeaderConfig?.RegexValues,
    one.HttpHeaderConfig?.RegexValues,
  ];
  return {
    field: one.Field ?? "unknown",
    values: [...new Set([...(config?.Values ?? []), ...(one.Values ?? [])])],
    header: one.HttpHeaderConfig?.HttpHeaderName ?? null,
    query: present(one.QueryStringConfig?.Values).map((pair) => ({
      key: pair.Key ?? null,
      value: pair.Value ?? "",
    })),
    regexes: [...new Set([...(one.RegexValues ?? []), ...regexes.flatMap((list) => list ?? [])])],
  };
};

const toAction = (one: Action): RuleAction => {
  const weighted = present(one.ForwardConfig?.TargetGroups).flatMap((tuple) =>
    tuple.TargetGroupArn === undefined
      ? []
      : [{ arn: tuple.TargetGroupArn, weight: tuple.Weight ?? 1 }],
  );
  const single = one.TargetGroupArn === undefined ? [] : [{ arn: one.TargetGroupArn, weight: 1 }];
  return {
    type: one.Type ?? "unknown",
    order: one.Order ?? 1,
    targetGroups: weighted.length > 0 ? weighted : single,
    answer: toAnswer(one),
    unauthenticated: toUnauthenticated(one),
  };
};

/** "authenticate" is the default of both kinds of log-in. */
const toUnauthenticated = (one: Action): string | null => {
  const config = one.AuthenticateOidcConfig ?? one.AuthenticateCognitoConfig;
  if (config !== undefined) return config.OnUnauthenticatedRequest ?? "authenticate";
  return one.Type?.startsWith("authenticate-") === true ? "authenticate" : null;
};

const toAnswer = (one: Action): string | null => {
  const { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito } = one;
  if (oidc !== undefined) return oidc.AuthorizationEndpoint ?? null;
  if (cognito !== undefined) return cognito.UserPoolDomain ?? null;
  if (one.FixedResponseConfig !== undefined) return one.FixedResponseConfig.StatusCode ?? null;
  const to = one.RedirectConfig;
  if (to === undefined) return null;
  const status = (to.StatusCode ?? "").replace("HTTP_", "");
  const scheme = (to.Protocol ?? "#{protocol}").toLowerCase();
  return `${status} ${scheme}://${to.Host ?? "#{host}"}:${to.Port ?? "#{port}"}${to.Path ?? "/#{path}"}`;
};
