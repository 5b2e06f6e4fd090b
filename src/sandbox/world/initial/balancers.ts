/** Two application load balancers: hokusai-main-development (the API) and hokusai-dp-development (MLflow). */
import type { Bucket } from "../s3.ts";
import type { LoadBalancer, Rule, TargetGroup, WorldState } from "../state.ts";
import { groupIds, subnetIds, vpcId, zones } from "./network.ts";

const account = "123456789012";
const region = "us-east-1";
const prefix = `arn:aws:elasticloadbalancing:${region}:${account}`;

/** Ordinary unicast addresses, since probes rightly refuse reserved ones; the port map leads to loopback. */
export const publicAddresses = {
  main: ["30.195.12.40", "30.207.88.113"],
  data: ["30.213.90.17", "30.184.201.66"],
} as const;

const names = {
  main: { name: "hokusai-main-development", id: "50dc6c495c0c9188", dns: "1841273995" },
  data: { name: "hokusai-dp-development", id: "7f1b0a9c33d4e5f6", dns: "662041877" },
} as const;

export const loadBalancerArns = {
  main: `${prefix}:loadbalancer/app/${names.main.name}/${names.main.id}`,
  data: `${prefix}:loadbalancer/app/${names.data.name}/${names.data.id}`,
} as const;
export const listenerArns = {
  mainHttps: `${prefix}:listener/app/${names.main.name}/${names.main.id}/f2f7dc8efc522ab2`,
  mainHttp: `${prefix}:listener/app/${names.main.name}/${names.main.id}/a91bb3dc10e7c001`,
  dataHttps: `${prefix}:listener/app/${names.data.name}/${names.data.id}/c0d1e2f3a4b5c6d7`,
} as const;
export const targetGroupArns = {
  api: `${prefix}:targetgroup/hokusai-api-development/73e2d6bc24d8a067`,
  legacy: `${prefix}:targetgroup/hokusai-api-legacy/1c5be0c6d5a2f9e4`,
  registry: `${prefix}:targetgroup/hokusai-mlflow-development/0b9d8c7e6f5a4b3c`,
} as const;
export const certificateArns = {
  main: `arn:aws:acm:${region}:${account}:certificate/6f2c1a34-8b9d-4c55-9d4e-0a4c2d1e7f01`,
  data: `arn:aws:acm:${region}:${account}:certificate/6f2c1a34-8b9d-4c55-9d4e-0a4c2d1e7f02`,
} as const;

export const loadBalancer = (
  one: {
    arn: string;
    name: string;
    /** The digits that AWS puts into its DNS name. */
    dns: string;
    group: string;
    addresses: readonly string[];
    /** Last part of the private address of its nodes. */
    host: number;
    /** Bucket of its access log; absent: it keeps none. */
    logsTo?: string;
  },
  createdAt: number,
): LoadBalancer => ({
  arn: one.arn,
  name: one.name,
  dnsName: `${one.name}-${one.dns}.${region}.elb.amazonaws.com`,
  canonicalHostedZoneId: "Z35SXDOTRQ7X7K",
  scheme: "internet-facing",
  type: "application",
  state: "active",
  vpcId,
  securityGroups: [one.group],
  availabilityZones: zones.map((zoneName, index) => ({
    zoneName,
    subnetId: subnetIds.public[index] ?? "",
    address: one.addresses[index] ?? "",
    privateAddress: `10.0.${index}.${one.host}`,
  })),
  createdAt,
  attributes: {
    "access_logs.s3.enabled": one.logsTo === undefined ? "false" : "true",
    "access_logs.s3.bucket": one.logsTo ?? "",
    "access_logs.s3.prefix": one.logsTo === undefined ? "" : "alb",
    "idle_timeout.timeout_seconds": "60",
    "routing.http2.enabled": "true",
    "load_balancing.cross_zone.enabled": "true",
    "deletion_protection.enabled": "true",
  },
});

/** The load balancer of the API writes its access log here; the others keep none. */
export const accessLogBucketName = "hokusai-development-access-logs";
export const accessLogBucket = (now: number): Bucket => ({
  name: accessLogBucketName,
  region,
  account,
  createdAt: now - 400 * 86_400_000,
  objects: [],
});

export const targetGroup = (arn: string, name: string, port: number): TargetGroup => ({
  arn,
  name,
  protocol: "HTTP",
  port,
  vpcId,
  targetType: "ip",
  healthCheckEnabled: true,
  healthCheckProtocol: "HTTP",
  healthCheckPort: "traffic-port",
  healthCheckPath: "/health",
  healthCheckIntervalSeconds: 30,
  healthCheckTimeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 3,
  matcher: "200",
  attributes: { "deregistration_delay.timeout_seconds": "30", "stickiness.enabled": "false" },
});

export const forward = (targetGroupArn: string): Rule["actions"] => [
  { type: "forward", order: 1, targetGroups: [{ targetGroupArn, weight: 1 }] },
];
export const notFound: Rule["actions"] = [
  {
    type: "fixed-response",
    order: 1,
    statusCode: "404",
    contentType: "text/plain",
    messageBody: "Not Found",
  },
];
export const ruleArn = (listenerArn: string, id: string): string =>
  `${listenerArn.replace(":listener/", ":listener-rule/")}/${id}`;

export const initialBalancers = (now: number): WorldState["elb"] => {
  const created = now - 400 * 86_400_000;
  const { mainHttps, mainHttp, dataHttps } = listenerArns;
  return {
    loadBalancers: [
      loadBalancer(
        {
          arn: loadBalancerArns.main,
          ...names.main,
          group: groupIds.loadBalancer,
          addresses: publicAddresses.main,
          host: 23,
          logsTo: accessLogBucketName,
        },
        created,
      ),
      loadBalancer(
        {
          arn: loadBalancerArns.data,
          ...names.data,
          group: groupIds.dataBalancer,
          addresses: publicAddresses.data,
          host: 61,
        },
        created,
      ),
    ],
    listeners: [
      {
        arn: mainHttps,
        loadBalancerArn: loadBalancerArns.main,
        port: 443,
        protocol: "HTTPS",
        certificateArn: certificateArns.main,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      },
      { arn: mainHttp, loadBalancerArn: loadBalancerArns.main, port: 80, protocol: "HTTP" },
      {
        arn: dataHttps,
        loadBalancerArn: loadBalancerArns.data,
        port: 443,
        protocol: "HTTPS",
        certificateArn: certificateArns.data,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      },
    ],
    rules: [
      {
        arn: ruleArn(mainHttps, "9683b2d02a6cabee"),
        listenerArn: mainHttps,
        priority: 10,
        conditions: [
          { field: "host-header", values: ["api.hokus.ai"] },
          { field: "path-pattern", values: ["/api/v0/*"] },
        ],
        actions: forward(targetGroupArns.legacy),
      },
      {
        arn: ruleArn(mainHttps, "9683b2d02a6cabef"),
        listenerArn: mainHttps,
        priority: 20,
        conditions: [{ field: "host-header", values: ["api.hokus.ai"] }],
        actions: forward(targetGroupArns.api),
      },
      {
        arn: ruleArn(mainHttps, "0000000000000001"),
        listenerArn: mainHttps,
        priority: null,
        conditions: [],
        actions: notFound,
      },
      {
        arn: ruleArn(mainHttp, "0000000000000002"),
        listenerArn: mainHttp,
        priority: null,
        conditions: [],
        actions: [
          {
            type: "redirect",
            order: 1,
            protocol: "HTTPS",
            port: "443",
            host: "#{host}",
            path: "/#{path}",
            query: "#{query}",
            statusCode: "HTTP_301",
          },
        ],
      },
      {
        arn: ruleArn(dataHttps, "9683b2d02a6cabf0"),
        listenerArn: dataHttps,
        priority: 10,
        conditions: [{ field: "host-header", values: ["registry.hokus.ai"] }],
        actions: forward(targetGroupArns.registry),
      },
      {
        arn: ruleArn(dataHttps, "0000000000000003"),
        listenerArn: dataHttps,
        priority: null,
        conditions: [],
        actions: notFound,
      },
    ],
    targetGroups: [
      targetGroup(targetGroupArns.api, "hokusai-api-development", 8001),
      targetGroup(targetGroupArns.legacy, "hokusai-api-legacy", 8000),
      targetGroup(targetGroupArns.registry, "hokusai-mlflow-development", 5000),
    ],
    targets: [],
  };
};
