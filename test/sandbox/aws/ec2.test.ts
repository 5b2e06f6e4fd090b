import {
  DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  paginateDescribeSubnets,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBench } from "./start.ts";
import type { Bench } from "./start.ts";

const vpcId = "vpc-test";
const groupId = "sg-test";
const subnetId = "subnet-test";
let bench: Bench;

beforeAll(async () => {
  bench = await startBench(({ ec2 }) => {
    ec2.vpcs.push({
      vpcId,
      cidrBlock: "10.9.0.0/16",
      enableDnsSupport: false,
      enableDnsHostnames: true,
      name: "test",
    });
    ec2.subnets.push({
      subnetId,
      vpcId,
      cidrBlock: "10.9.1.0/24",
      availabilityZone: "us-east-1c",
      availableIpAddressCount: 0,
      mapPublicIpOnLaunch: false,
      name: "test-private",
    });
    ec2.securityGroups.push({
      groupId,
      groupName: "test-task",
      description: "a < b & c",
      vpcId,
      ingress: [
        {
          ruleId: "sgr-1",
          protocol: "tcp",
          fromPort: 8001,
          toPort: 8001,
          groupId: "sg-balancer",
          description: "from the balancer",
        },
        { ruleId: "sgr-2", protocol: "tcp", fromPort: 8001, toPort: 8001, cidrIpv4: "10.9.0.0/16" },
      ],
      egress: [
        { ruleId: "sgr-3", protocol: "-1", fromPort: -1, toPort: -1, cidrIpv4: "0.0.0.0/0" },
        { ruleId: "sgr-4", protocol: "tcp", fromPort: 443, toPort: 443, prefixListId: "pl-test" },
      ],
    });
    ec2.networkAcls.push({
      networkAclId: "acl-test",
      vpcId,
      isDefault: false,
      subnetIds: [subnetId],
      entries: [
        {
          ruleNumber: 200,
          egress: false,
          protocol: "6",
          ruleAction: "allow",
          cidrBlock: "0.0.0.0/0",
          portRange: { from: 1024, to: 65_535 },
        },
        {
          ruleNumber: 90,
          egress: false,
          protocol: "6",
          ruleAction: "deny",
          cidrBlock: "10.9.0.0/16",
          portRange: { from: 8001, to: 8001 },
        },
      ],
    });
    ec2.routeTables.push({
      routeTableId: "rtb-test",
      vpcId,
      main: true,
      subnetIds: [subnetId],
      routes: [
        { destinationCidrBlock: "10.9.0.0/16", gatewayId: "local", state: "active" },
        { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-test", state: "blackhole" },
        { destinationPrefixListId: "pl-test", gatewayId: "vpce-gateway", state: "active" },
      ],
    });
    ec2.natGateways.push({
      natGatewayId: "nat-test",
      vpcId,
      subnetId,
      state: "failed",
      publicIp: "203.0.113.7",
    });
    ec2.internetGateways.push({ internetGatewayId: "igw-test", vpcId });
    ec2.vpcEndpoints.push({
      vpcEndpointId: "vpce-test",
      vpcId,
      serviceName: "com.amazonaws.us-east-1.logs",
      vpcEndpointType: "Interface",
      state: "available",
      routeTableIds: [],
      subnetIds: [subnetId],
      groupIds: [groupId],
      networkInterfaceIds: ["eni-test"],
      privateDnsEnabled: true,
    });
    ec2.networkInterfaces.push({
      networkInterfaceId: "eni-test",
      vpcId,
      subnetId,
      availabilityZone: "us-east-1c",
      privateIpAddress: "10.9.1.20",
      groupIds: [groupId],
      description: "ELB app/test/1",
      status: "in-use",
      interfaceType: "interface",
    });
    ec2.prefixLists.push({
      prefixListId: "pl-test",
      name: "test.list",
      cidrs: ["203.0.113.0/24", "198.51.100.0/24"],
      managed: { version: 2, maxEntries: 10 },
    });
  });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

describe("security groups", () => {
  it("joins rules of the same ports into one permission with its peers", async () => {
    const answer = await bench.clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }),
    );
    expect(answer.SecurityGroups).toMatchObject([
      {
        GroupId: groupId,
        GroupName: "test-task",
        Description: "a < b & c",
        VpcId: vpcId,
        IpPermissions: [
          {
            IpProtocol: "tcp",
            FromPort: 8001,
            ToPort: 8001,
            UserIdGroupPairs: [{ GroupId: "sg-balancer", Description: "from the balancer" }],
            IpRanges: [{ CidrIp: "10.9.0.0/16" }],
          },
        ],
        IpPermissionsEgress: [
          { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
          { IpProtocol: "tcp", FromPort: 443, PrefixListIds: [{ PrefixListId: "pl-test" }] },
        ],
      },
    ]);
    expect(answer.SecurityGroups?.[0]?.IpPermissionsEgress?.[0]?.FromPort).toBeUndefined();
  });

  it("lists single rules with their ids", async () => {
    const answer = await bench.clients.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }] }),
    );
    expect(answer.SecurityGroupRules).toMatchObject([
      {
        SecurityGroupRuleId: "sgr-1",
        IsEgress: false,
        ReferencedGroupInfo: { GroupId: "sg-balancer" },
      },
      { SecurityGroupRuleId: "sgr-2", IsEgress: false, CidrIpv4: "10.9.0.0/16", FromPort: 8001 },
      { SecurityGroupRuleId: "sgr-3", IsEgress: true, IpProtocol: "-1" },
      { SecurityGroupRuleId: "sgr-4", IsEgress: true, PrefixListId: "pl-test" },
    ]);
  });
});

describe("subnets and what belongs to them", () => {
  it("describes VPC and DNS attributes", async () => {
    const { ec2 } = bench.clients;
    const vpcs = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
    expect(vpcs.Vpcs).toMatchObject([{ VpcId: vpcId, CidrBlock: "10.9.0.0/16" }]);
    const support = await ec2.send(
      new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: "enableDnsSupport" }),
    );
    expect(support.EnableDnsSupport).toEqual({ Value: false });
    const names = await ec2.send(
      new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: "enableDnsHostnames" }),
    );
    expect(names.EnableDnsHostnames).toEqual({ Value: true });
  });

  it("describes a subnet with no address left", async () => {
    const answer = await bench.clients.ec2.send(
      new DescribeSubnetsCommand({ SubnetIds: [subnetId] }),
    );
    expect(answer.Subnets).toMatchObject([
      {
        SubnetId: subnetId,
        AvailableIpAddressCount: 0,
        AvailabilityZone: "us-east-1c",
        MapPublicIpOnLaunch: false,
        Tags: [{ Key: "Name", Value: "test-private" }],
      },
    ]);
  });

  it("pages through subnets", async () => {
    const ids: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateDescribeSubnets(
      { client: bench.clients.ec2, pageSize: 3 },
      {},
    )) {
      ids.push(...(page.Subnets ?? []).map((one) => one.SubnetId));
      pages += 1;
    }
    expect(ids).toEqual(bench.state.ec2.subnets.map((one) => one.subnetId));
    expect(pages).toBe(Math.ceil(ids.length / 3));
  });

  it("lists the entries of an ACL in order and ends each way with the deny that cannot be removed", async () => {
    const answer = await bench.clients.ec2.send(
      new DescribeNetworkAclsCommand({
        Filters: [{ Name: "association.subnet-id", Values: [subnetId] }],
      }),
    );
    const [acl] = answer.NetworkAcls ?? [];
    expect(acl).toMatchObject({
      NetworkAclId: "acl-test",
      IsDefault: false,
      Associations: [{ SubnetId: subnetId }],
    });
    expect(
      acl?.Entries?.map((one) => [one.Egress, one.RuleNumber, one.RuleAction, one.PortRange?.From]),
    ).toEqual([
      [true, 32_767, "deny", undefined],
      [false, 90, "deny", 8001],
      [false, 200, "allow", 1024],
      [false, 32_767, "deny", undefined],
    ]);
  });

  it("describes routes, gateways and endpoints", async () => {
    const { ec2 } = bench.clients;
    const tables = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: ["rtb-test"] }));
    expect(tables.RouteTables).toMatchObject([
      {
        Associations: [{ Main: true }, { Main: false, SubnetId: subnetId }],
        Routes: [
          { DestinationCidrBlock: "10.9.0.0/16", GatewayId: "local", State: "active" },
          { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-test", State: "blackhole" },
          { DestinationPrefixListId: "pl-test", GatewayId: "vpce-gateway", State: "active" },
        ],
      },
    ]);
    const nat = await ec2.send(
      new DescribeNatGatewaysCommand({ Filter: [{ Name: "vpc-id", Values: [vpcId] }] }),
    );
    expect(nat.NatGateways).toMatchObject([{ NatGatewayId: "nat-test", State: "failed" }]);
    const internet = await ec2.send(
      new DescribeInternetGatewaysCommand({
        Filters: [{ Name: "attachment.vpc-id", Values: [vpcId] }],
      }),
    );
    expect(internet.InternetGateways).toMatchObject([{ InternetGatewayId: "igw-test" }]);
    const endpoints = await ec2.send(
      new DescribeVpcEndpointsCommand({ VpcEndpointIds: ["vpce-test"] }),
    );
    expect(endpoints.VpcEndpoints).toMatchObject([
      {
        ServiceName: "com.amazonaws.us-east-1.logs",
        VpcEndpointType: "Interface",
        State: "available",
        SubnetIds: [subnetId],
        Groups: [{ GroupId: groupId, GroupName: "test-task" }],
        PrivateDnsEnabled: true,
        NetworkInterfaceIds: ["eni-test"],
        DnsEntries: [
          { DnsName: "vpce-test.logs.us-east-1.vpce.amazonaws.com" },
          { DnsName: "logs.us-east-1.amazonaws.com" },
        ],
      },
    ]);
  });

  it("finds interfaces by address and by wildcard", async () => {
    const { ec2 } = bench.clients;
    const byAddress = await ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: "addresses.private-ip-address", Values: ["10.9.1.20"] }],
      }),
    );
    expect(byAddress.NetworkInterfaces).toMatchObject([
      { NetworkInterfaceId: "eni-test", Groups: [{ GroupId: groupId }], SubnetId: subnetId },
    ]);
    const byText = await ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: "description", Values: ["ELB app/te?t/*", "other"] }],
      }),
    );
    expect(byText.NetworkInterfaces?.map((one) => one.NetworkInterfaceId)).toEqual(["eni-test"]);
  });

  it("describes prefix lists and their entries", async () => {
    const { ec2 } = bench.clients;
    const lists = await ec2.send(
      new DescribeManagedPrefixListsCommand({
        Filters: [{ Name: "prefix-list-name", Values: ["test.list"] }],
      }),
    );
    expect(lists.PrefixLists).toMatchObject([
      { PrefixListId: "pl-test", AddressFamily: "IPv4", Version: 2, MaxEntries: 10 },
    ]);
    const own = await ec2.send(
      new DescribeManagedPrefixListsCommand({ Filters: [{ Name: "owner-id", Values: ["AWS"] }] }),
    );
    expect(own.PrefixLists).toMatchObject([
      { PrefixListName: "com.amazonaws.us-east-1.s3", OwnerId: "AWS" },
    ]);
    expect(own.PrefixLists?.[0]?.Version).toBeUndefined();
    const entries = await ec2.send(
      new GetManagedPrefixListEntriesCommand({ PrefixListId: "pl-test" }),
    );
    expect(entries.Entries?.map((one) => one.Cidr)).toEqual(["203.0.113.0/24", "198.51.100.0/24"]);
  });
});

describe("errors", () => {
  it.each([
    {
      command: new DescribeSecurityGroupsCommand({ GroupIds: ["sg-none"] }),
      code: "InvalidGroup.NotFound",
    },
    {
      command: new DescribeSubnetsCommand({ SubnetIds: ["subnet-none"] }),
      code: "InvalidSubnetID.NotFound",
    },
    {
      command: new DescribeNetworkAclsCommand({ NetworkAclIds: ["acl-none"] }),
      code: "InvalidNetworkAclID.NotFound",
    },
    {
      command: new DescribeRouteTablesCommand({ RouteTableIds: ["rtb-none"] }),
      code: "InvalidRouteTableID.NotFound",
    },
    {
      command: new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ["eni-none"] }),
      code: "InvalidNetworkInterfaceID.NotFound",
    },
    {
      command: new DescribeVpcAttributeCommand({
        VpcId: "vpc-none",
        Attribute: "enableDnsSupport",
      }),
      code: "InvalidVpcID.NotFound",
    },
    {
      command: new DescribeNatGatewaysCommand({ NatGatewayIds: ["nat-none"] }),
      code: "NatGatewayNotFound",
    },
    {
      command: new DescribeSubnetsCommand({ Filters: [{ Name: "made-up", Values: ["x"] }] }),
      code: "InvalidParameterValue",
    },
  ])("$code", async ({ command, code }) => {
    // The union of commands has no common type that send() takes.
    const call = bench.clients.ec2.send(command as DescribeSubnetsCommand);
    await expect(call).rejects.toMatchObject({ name: code, Code: code });
  });
});
