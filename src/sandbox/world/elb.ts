/** ELBv2 as its API describes it (names in camelCase); times are epoch milliseconds. */

export interface LoadBalancer {
  arn: string;
  name: string;
  dnsName: string;
  canonicalHostedZoneId: string;
  scheme: "internet-facing" | "internal";
  type: "application";
  state: "active" | "provisioning" | "failed";
  vpcId: string;
  securityGroups: string[];
  /** One node in each; `address` is what its DNS name answers, `privateAddress` where it connects from. */
  availabilityZones: {
    zoneName: string;
    subnetId: string;
    address: string;
    privateAddress: string;
    /** This node takes no connections. */
    down?: boolean;
  }[];
  createdAt: number;
  attributes: Record<string, string>;
}

export interface Forward {
  targetGroupArn: string;
  /** 0 to 999. */
  weight: number;
}

/** What a log-in does with whoever has no session yet. */
export type OnUnauthenticated = "authenticate" | "deny" | "allow";

interface LogIn {
  order: number;
  sessionCookieName: string;
  scope: string;
  /** Seconds. */
  sessionTimeout: number;
  onUnauthenticatedRequest: OnUnauthenticated;
}

export type LogInAction = LogIn &
  (
    | {
        type: "authenticate-oidc";
        issuer: string;
        authorizationEndpoint: string;
        tokenEndpoint: string;
        userInfoEndpoint: string;
        clientId: string;
      }
    | {
        type: "authenticate-cognito";
        userPoolArn: string;
        userPoolClientId: string;
        /** Prefix, or a whole name. */
        userPoolDomain: string;
      }
  );

export type Action =
  | LogInAction
  | { type: "forward"; order: number; targetGroups: Forward[] }
  | {
      type: "redirect";
      order: number;
      protocol: string;
      port: string;
      host: string;
      path: string;
      query: string;
      statusCode: "HTTP_301" | "HTTP_302";
    }
  | {
      type: "fixed-response";
      order: number;
      statusCode: string;
      contentType: string;
      messageBody: string;
    };

export type Condition =
  | { field: "path-pattern" | "host-header"; values: string[]; regexValues?: string[] }
  | { field: "http-request-method"; values: string[] }
  | { field: "http-header"; headerName: string; values: string[]; regexValues?: string[] }
  | { field: "query-string"; values: { key?: string; value: string }[] }
  | { field: "source-ip"; values: string[] };

/** Rewrites the request on its way to a target; which rule takes it is decided before. */
export interface Transform {
  type: "host-header-rewrite" | "url-rewrite";
  rewrites: { regex: string; replace: string }[];
}

export interface Rule {
  arn: string;
  listenerArn: string;
  /** 1 to 50000; null for the default rule, which comes last. */
  priority: number | null;
  conditions: Condition[];
  actions: Action[];
  transforms?: Transform[];
}

export interface Listener {
  arn: string;
  loadBalancerArn: string;
  port: number;
  protocol: "HTTP" | "HTTPS";
  /** Present for HTTPS. */
  certificateArn?: string;
  sslPolicy?: string;
}

export interface TargetGroup {
  arn: string;
  name: string;
  protocol: "HTTP" | "HTTPS";
  /** Only a default on ECS: each target is registered with a port of its own. */
  port: number;
  vpcId: string;
  targetType: "ip" | "instance";
  healthCheckEnabled: boolean;
  healthCheckProtocol: "HTTP" | "HTTPS";
  /** "traffic-port" or digits. */
  healthCheckPort: string;
  healthCheckPath: string;
  healthCheckIntervalSeconds: number;
  healthCheckTimeoutSeconds: number;
  healthyThresholdCount: number;
  unhealthyThresholdCount: number;
  /** Codes as the API writes them: "200", "200-299", "200,302". */
  matcher: string;
  attributes: Record<string, string>;
}

export type TargetState =
  | "initial"
  | "healthy"
  | "unhealthy"
  | "unused"
  | "draining"
  | "unavailable";

export interface Target {
  targetGroupArn: string;
  /** The private address of a task. */
  id: string;
  port: number;
  availabilityZone: string;
  state: TargetState;
  /** As the API: "Target.ResponseCodeMismatch", "Elb.RegistrationInProgress", ... */
  reason?: string;
  description?: string;
  registeredAt: number;
}
