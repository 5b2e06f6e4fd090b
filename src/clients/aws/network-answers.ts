import type {
  IpPermission,
  NetworkAcl as SdkAcl,
  NetworkInterface as SdkInterface,
  Route,
  RouteTable as SdkRouteTable,
  SecurityGroup as SdkGroup,
  Subnet as SdkSubnet,
  VpcEndpoint as SdkEndpoint,
} from "@aws-sdk/client-ec2";
import type {
  GroupRule,
  NetworkAcl,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  Subnet,
  VpcEndpoint,
} from "#core/ports/aws.ts";
import { present } from "./values.ts";

export const toInterface = (one: SdkInterface): NetworkInterface => ({
  id: one.NetworkInterfaceId ?? "",
  addresses: [
    ...new Set([
      ...present([one.PrivateIpAddress]),
      ...present(one.PrivateIpAddresses).flatMap((item) => item.PrivateIpAddress ?? []),
      ...present(one.Ipv6Addresses).flatMap((item) => item.Ipv6Address ?? []),
    ]),
  ],
  publicAddress: one.Association?.PublicIp ?? null,
  subnet: one.SubnetId ?? null,
  vpc: one.VpcId ?? null,
  groups: present(one.Groups).flatMap((group) => group.GroupId ?? []),
});

export const toSecurityGroup = (one: SdkGroup): SecurityGroup => ({
  id: one.GroupId ?? "",
  name: one.GroupName ?? "",
  ingress: present(one.IpPermissions).map(toGroupRule),
  egress: present(one.IpPermissionsEgress).map(toGroupRule),
});

/** -1 as a port means every one of them. */
const toPort = (port: number | undefined): number | null =>
  port === undefined || port < 0 ? null : port;

const toGroupRule = (one: IpPermission): GroupRule => ({
  protocol: one.IpProtocol ?? "-1",
  fromPort: toPort(one.FromPort),
  toPort: toPort(one.ToPort),
  cidrs: [
    ...present(one.IpRanges).flatMap((range) => range.CidrIp ?? []),
    ...present(one.Ipv6Ranges).flatMap((range) => range.CidrIpv6 ?? []),
  ],
  groups: present(one.UserIdGroupPairs).flatMap((pair) => pair.GroupId ?? []),
  prefixLists: present(one.PrefixListIds).flatMap((list) => list.PrefixListId ?? []),
});

export const toSubnet = (one: SdkSubnet): Subnet => ({
  id: one.SubnetId ?? "",
  vpc: one.VpcId ?? null,
  cidr: one.CidrBlock ?? null,
  zone: one.AvailabilityZone ?? null,
  freeAddresses: one.AvailableIpAddressCount ?? null,
});

export const toEndpoint = (one: SdkEndpoint): VpcEndpoint => ({
  id: one.VpcEndpointId ?? "",
  service: one.ServiceName ?? "",
  type: (one.VpcEndpointType ?? "gateway").toLowerCase(),
  state: (one.State ?? "available").toLowerCase(),
  privateDns: one.PrivateDnsEnabled ?? false,
  subnets: present(one.SubnetIds),
  groups: present(one.Groups).flatMap((group) => group.GroupId ?? []),
  interfaces: present(one.NetworkInterfaceIds),
});

export const toAcl = (one: SdkAcl): NetworkAcl => ({
  id: one.NetworkAclId ?? "",
  subnets: present(one.Associations).flatMap((association) => association.SubnetId ?? []),
  entries: present(one.Entries)
    .map((entry) => ({
      number: entry.RuleNumber ?? 32_767,
      egress: entry.Egress ?? false,
      protocol: entry.Protocol ?? "-1",
      allow: entry.RuleAction === "allow",
      cidr: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? null,
      fromPort: toPort(entry.PortRange?.From),
      toPort: toPort(entry.PortRange?.To),
    }))
    .toSorted((a, b) => a.number - b.number),
});

export const toRouteTable = (one: SdkRouteTable): RouteTable => ({
  id: one.RouteTableId ?? "",
  main: present(one.Associations).some((association) => association.Main === true),
  subnets: present(one.Associations).flatMap((association) => association.SubnetId ?? []),
  routes: present(one.Routes).map((route) => ({
    destination:
      route.DestinationCidrBlock ??
      route.DestinationIpv6CidrBlock ??
      route.DestinationPrefixListId ??
      "",
    via: viaOf(route),
    state: route.State ?? "active",
  })),
});

const viaOf = (route: Route): string =>
  route.NatGatewayId ??
  route.TransitGatewayId ??
  route.VpcPeeringConnectionId ??
  route.EgressOnlyInternetGatewayId ??
  route.GatewayId ??
  route.NetworkInterfaceId ??
  route.InstanceId ??
  "unknown";
