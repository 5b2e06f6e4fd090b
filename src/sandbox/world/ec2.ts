/** The VPC as EC2's API describes it (names in camelCase). */

export interface Vpc {
  vpcId: string;
  cidrBlock: string;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  name: string;
}

export interface Subnet {
  subnetId: string;
  vpcId: string;
  cidrBlock: string;
  availabilityZone: string;
  availableIpAddressCount: number;
  /** Others wait for addresses here: one that is freed is taken at once. */
  contended?: boolean;
  mapPublicIpOnLaunch: boolean;
  name: string;
}

/** protocol "-1" is all traffic; then both ports are -1. */
export interface SecurityGroupRule {
  ruleId: string;
  protocol: "tcp" | "udp" | "icmp" | "-1";
  fromPort: number;
  toPort: number;
  /** Exactly one of the three. */
  cidrIpv4?: string;
  groupId?: string;
  prefixListId?: string;
  description?: string;
}

export interface SecurityGroup {
  groupId: string;
  groupName: string;
  description: string;
  vpcId: string;
  ingress: SecurityGroupRule[];
  egress: SecurityGroupRule[];
}

export interface NetworkAclEntry {
  ruleNumber: number;
  egress: boolean;
  /** "-1" all, "6" tcp, "17" udp. */
  protocol: string;
  ruleAction: "allow" | "deny";
  cidrBlock: string;
  portRange?: { from: number; to: number };
}

export interface NetworkAcl {
  networkAclId: string;
  vpcId: string;
  isDefault: boolean;
  subnetIds: string[];
  entries: NetworkAclEntry[];
}

export interface Route {
  /** Exactly one of the two. */
  destinationCidrBlock?: string;
  destinationPrefixListId?: string;
  /** "local", an internet gateway, a gateway endpoint, a NAT gateway or a peering. Exactly one is set. */
  gatewayId?: string;
  natGatewayId?: string;
  vpcPeeringConnectionId?: string;
  state: "active" | "blackhole";
}

export interface RouteTable {
  routeTableId: string;
  vpcId: string;
  main: boolean;
  subnetIds: string[];
  routes: Route[];
}

export interface NatGateway {
  natGatewayId: string;
  vpcId: string;
  subnetId: string;
  state: "available" | "failed" | "deleted" | "pending";
  publicIp: string;
}

export interface InternetGateway {
  internetGatewayId: string;
  vpcId: string;
}

export interface VpcEndpoint {
  vpcEndpointId: string;
  vpcId: string;
  serviceName: string;
  vpcEndpointType: "Interface" | "Gateway";
  state: "available" | "failed";
  /** Of a gateway endpoint; its routes are in the tables themselves. */
  routeTableIds: string[];
  subnetIds: string[];
  groupIds: string[];
  /** One in each subnet of an interface endpoint. */
  networkInterfaceIds: string[];
  privateDnsEnabled: boolean;
}

export interface NetworkInterface {
  networkInterfaceId: string;
  vpcId: string;
  subnetId: string;
  availabilityZone: string;
  privateIpAddress: string;
  groupIds: string[];
  /** "arn:aws:ecs:...:attachment/..." for tasks, "ELB app/..." for load balancers. */
  description: string;
  status: "in-use" | "available";
  interfaceType: "interface" | "nat_gateway" | "vpc_endpoint";
}

export interface PrefixList {
  prefixListId: string;
  name: string;
  cidrs: string[];
  /** Absent for those that AWS itself keeps. */
  managed?: { version: number; maxEntries: number };
}
