/** The VPC before anything goes wrong: two zones, public subnets for balancers, private ones for tasks. */
import type { Route, SecurityGroup, SecurityGroupRule, WorldState } from "../state.ts";

export const vpcId = "vpc-0c5a1f6e2b7d84390";
export const zones = ["us-east-1a", "us-east-1b"] as const;
export const subnetIds = {
  public: ["subnet-0a11c0ffee0000001", "subnet-0b11c0ffee0000002"],
  private: ["subnet-0a22c0ffee0000004", "subnet-0b22c0ffee0000005"],
  data: ["subnet-0a33c0ffee0000020", "subnet-0b33c0ffee0000021"],
} as const;
export const groupIds = {
  loadBalancer: "sg-0a1b5d1f8e2c40001",
  dataBalancer: "sg-0a1b5d1f8e2c40002",
  api: "sg-0a1b5d1f8e2c40011",
  registry: "sg-0a1b5d1f8e2c40012",
  worker: "sg-0a1b5d1f8e2c40013",
  auth: "sg-0a1b5d1f8e2c40015",
  redis: "sg-0a1b5d1f8e2c40021",
  database: "sg-0a1b5d1f8e2c40022",
  endpoints: "sg-0a1b5d1f8e2c40031",
} as const;

export const routeTableIds = {
  public: "rtb-0a7c0ffee00000001",
  private: "rtb-0a7c0ffee00000002",
  data: "rtb-0a7c0ffee00000003",
} as const;
const prefixListIds = { s3: "pl-63a5400a" } as const;
const s3EndpointId = "vpce-0b8c0ffee00000001";

/** Where Redis and the database listen inside the VPC. */
export const dataAddresses = { redis: "10.0.20.15", database: "10.0.21.30" } as const;

let ruleNumber = 0;
const rule = (
  port: number | "all",
  peer: { cidrIpv4: string } | { groupId: string },
  description: string,
): SecurityGroupRule => {
  ruleNumber += 1;
  const ruleId = `sgr-0${`${ruleNumber}`.padStart(4, "0")}d0c0ffee0000`;
  if (port === "all")
    return { ruleId, protocol: "-1", fromPort: -1, toPort: -1, ...peer, description };
  return { ruleId, protocol: "tcp", fromPort: port, toPort: port, ...peer, description };
};
const anywhere = { cidrIpv4: "0.0.0.0/0" };

const group = (
  groupId: string,
  groupName: string,
  description: string,
  ingress: SecurityGroupRule[],
  egress: SecurityGroupRule[],
): SecurityGroup => ({ groupId, groupName, description, vpcId, ingress, egress });

const securityGroups = (): SecurityGroup[] => [
  group(
    groupIds.loadBalancer,
    "hokusai-main-development-alb",
    "Public load balancer",
    [rule(443, anywhere, "HTTPS"), rule(80, anywhere, "HTTP, redirected")],
    [rule("all", anywhere, "to the targets")],
  ),
  group(
    groupIds.dataBalancer,
    "hokusai-dp-development-alb",
    "Load balancer of the data platform",
    [rule(443, anywhere, "HTTPS")],
    [rule("all", anywhere, "to the targets")],
  ),
  group(
    groupIds.api,
    "hokusai-api-development-task",
    "Tasks of the model API",
    [rule(8001, { groupId: groupIds.loadBalancer }, "from the load balancer")],
    [
      rule(443, anywhere, "auth service, hub, AWS"),
      rule(6379, { groupId: groupIds.redis }, "Redis"),
      rule(5432, { groupId: groupIds.database }, "Postgres"),
    ],
  ),
  group(
    groupIds.registry,
    "hokusai-mlflow-development-task",
    "Tasks of the MLflow registry",
    [rule(5000, { groupId: groupIds.dataBalancer }, "from the load balancer")],
    [rule("all", anywhere, "anything")],
  ),
  group(
    groupIds.worker,
    "hokusai-worker-development-task",
    "Batch workers",
    [],
    [rule("all", anywhere, "anything")],
  ),
  group(
    groupIds.redis,
    "hokusai-redis-development",
    "Cache of auth results",
    [
      rule(6379, { groupId: groupIds.api }, "model API"),
      rule(6379, { groupId: groupIds.worker }, "workers"),
    ],
    [rule("all", anywhere, "default")],
  ),
  group(
    groupIds.database,
    "hokusai-database-development",
    "Postgres",
    [
      rule(5432, { groupId: groupIds.api }, "model API"),
      rule(5432, { groupId: groupIds.registry }, "registry"),
    ],
    [rule("all", anywhere, "default")],
  ),
  group(
    groupIds.endpoints,
    "hokusai-endpoints-development",
    "Interface endpoints",
    [rule(443, { cidrIpv4: "10.0.0.0/16" }, "from the VPC")],
    [],
  ),
  group(
    groupIds.auth,
    "hokusai-auth-development-task",
    "Tasks of the auth service",
    [rule(8080, { cidrIpv4: "10.0.0.0/16" }, "from its public side")],
    [rule("all", anywhere, "anything")],
  ),
];

const local: Route = { destinationCidrBlock: "10.0.0.0/16", gatewayId: "local", state: "active" };
const internetGatewayId = "igw-0d4c0ffee00000001";
export const natGatewayId = "nat-0e5c0ffee00000001";

export const initialNetwork = (): WorldState["ec2"] => ({
  vpcs: [
    {
      vpcId,
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      name: "hokusai-development",
    },
  ],
  subnets: (["public", "private", "data"] as const).flatMap((kind) =>
    zones.map((availabilityZone, index) => ({
      subnetId: subnetIds[kind][index] ?? "",
      vpcId,
      cidrBlock: `10.0.${{ public: 0, private: 4, data: 20 }[kind] + index}.0/24`,
      availabilityZone,
      availableIpAddressCount: 243 - index,
      mapPublicIpOnLaunch: kind === "public",
      name: `hokusai-development-${kind}-${availabilityZone}`,
    })),
  ),
  securityGroups: securityGroups(),
  networkAcls: [
    {
      networkAclId: "acl-0f6c0ffee00000001",
      vpcId,
      isDefault: true,
      subnetIds: Object.values(subnetIds).flat(),
      entries: [true, false].flatMap((egress) => [
        {
          ruleNumber: 100,
          egress,
          protocol: "-1",
          ruleAction: "allow" as const,
          cidrBlock: "0.0.0.0/0",
        },
        {
          ruleNumber: 32_767,
          egress,
          protocol: "-1",
          ruleAction: "deny" as const,
          cidrBlock: "0.0.0.0/0",
        },
      ]),
    },
  ],
  routeTables: [
    {
      routeTableId: routeTableIds.public,
      vpcId,
      main: false,
      subnetIds: [...subnetIds.public],
      routes: [
        local,
        { destinationCidrBlock: "0.0.0.0/0", gatewayId: internetGatewayId, state: "active" },
      ],
    },
    {
      routeTableId: routeTableIds.private,
      vpcId,
      main: false,
      subnetIds: [...subnetIds.private],
      routes: [
        local,
        { destinationCidrBlock: "0.0.0.0/0", natGatewayId, state: "active" },
        { destinationPrefixListId: prefixListIds.s3, gatewayId: s3EndpointId, state: "active" },
      ],
    },
    {
      routeTableId: routeTableIds.data,
      vpcId,
      main: true,
      subnetIds: [...subnetIds.data],
      routes: [local],
    },
  ],
  natGateways: [
    {
      natGatewayId,
      vpcId,
      subnetId: subnetIds.public[0],
      state: "available",
      publicIp: "30.201.7.12",
    },
  ],
  internetGateways: [{ internetGatewayId, vpcId }],
  vpcEndpoints: [
    {
      vpcEndpointId: s3EndpointId,
      vpcId,
      serviceName: "com.amazonaws.us-east-1.s3",
      vpcEndpointType: "Gateway",
      state: "available",
      routeTableIds: [routeTableIds.private],
      subnetIds: [],
      groupIds: [],
      networkInterfaceIds: [],
      privateDnsEnabled: false,
    },
  ],
  networkInterfaces: (["redis", "database"] as const).map((name, index) => ({
    networkInterfaceId: `eni-0c9c0ffee0000010${index}`,
    vpcId,
    subnetId: subnetIds.data[index] ?? "",
    availabilityZone: zones[index] ?? "",
    privateIpAddress: dataAddresses[name],
    groupIds: [groupIds[name]],
    description: name === "redis" ? "ElastiCache hokusai-redis-development" : "RDSNetworkInterface",
    status: "in-use" as const,
    interfaceType: "interface" as const,
  })),
  prefixLists: [
    {
      prefixListId: prefixListIds.s3,
      name: "com.amazonaws.us-east-1.s3",
      cidrs: ["30.216.128.0/17"],
    },
  ],
});
