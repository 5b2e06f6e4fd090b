import type * as Sdk from "@aws-sdk/client-ec2";
import type { NetworkPort } from "#core/ports/aws.ts";
import { listed, senseless, type Call } from "./call.ts";
import {
  toAcl,
  toEndpoint,
  toInterface,
  toRouteTable,
  toSecurityGroup,
  toSubnet,
} from "./network-answers.ts";
import { allPages } from "./values.ts";

export interface NetworkSetting {
  /** The EC2 client is half of the SDK's import time and memory: it comes with its first use. */
  readonly load: () => Promise<{ readonly sdk: typeof Sdk; readonly client: Sdk.EC2Client }>;
  readonly call: Call;
}

const most = { MaxResults: 500 };

export function createNetworkPort({ load, call }: NetworkSetting): NetworkPort {
  return {
    interfaces: async (by, signal) => {
      if ("ids" in by && by.ids.length === 0) return [];
      if ("groups" in by && by.groups.length === 0) return [];
      const action = "ec2:DescribeNetworkInterfaces";
      const { sdk, client } = await load();
      const filter = (Name: string, values: readonly string[]) => ({
        Filters: [{ Name, Values: [...values] }],
      });
      const which =
        "ids" in by
          ? filter("network-interface-id", by.ids)
          : "address" in by
            ? filter("addresses.private-ip-address", [by.address])
            : "groups" in by
              ? filter("group-id", by.groups)
              : // A load balancer's interfaces are described as "ELB app/<name>/<id>".
                filter("description", [
                  `ELB ${by.loadBalancer.split(":loadbalancer/")[1] ?? by.loadBalancer}`,
                ]);
      const answer = await call(action, signal, (options) =>
        client.send(new sdk.DescribeNetworkInterfacesCommand({ ...which, ...most }), options),
      );
      return listed(action, "NetworkInterfaces", answer.NetworkInterfaces).map(toInterface);
    },
    securityGroups: async (ids, signal) => {
      if (ids.length === 0) return [];
      const action = "ec2:DescribeSecurityGroups";
      const { sdk, client } = await load();
      const answer = await call(action, signal, (options) =>
        client.send(
          new sdk.DescribeSecurityGroupsCommand({
            Filters: [{ Name: "group-id", Values: [...ids] }],
            ...most,
          }),
          options,
        ),
      );
      return listed(action, "SecurityGroups", answer.SecurityGroups).map(toSecurityGroup);
    },
    subnets: async (ids, signal) => {
      if (ids.length === 0) return [];
      const action = "ec2:DescribeSubnets";
      const { sdk, client } = await load();
      const answer = await call(action, signal, (options) =>
        client.send(
          new sdk.DescribeSubnetsCommand({
            Filters: [{ Name: "subnet-id", Values: [...ids] }],
            ...most,
          }),
          options,
        ),
      );
      return listed(action, "Subnets", answer.Subnets).map(toSubnet);
    },
    acls: async (subnets, signal) => {
      if (subnets.length === 0) return [];
      const action = "ec2:DescribeNetworkAcls";
      const { sdk, client } = await load();
      const answer = await call(action, signal, (options) =>
        client.send(
          new sdk.DescribeNetworkAclsCommand({
            Filters: [{ Name: "association.subnet-id", Values: [...subnets] }],
            ...most,
          }),
          options,
        ),
      );
      return listed(action, "NetworkAcls", answer.NetworkAcls).map(toAcl);
    },
    routeTables: async (vpc, signal) => {
      const action = "ec2:DescribeRouteTables";
      const { sdk, client } = await load();
      const answer = await call(action, signal, (options) =>
        client.send(
          new sdk.DescribeRouteTablesCommand({
            Filters: [{ Name: "vpc-id", Values: [vpc] }],
            MaxResults: 100,
          }),
          options,
        ),
      );
      return listed(action, "RouteTables", answer.RouteTables).map(toRouteTable);
    },
    prefixList: async (id, signal) => {
      const action = "ec2:GetManagedPrefixListEntries";
      const { sdk, client } = await load();
      const entries = await allPages(async (token) => {
        const answer = await call(action, signal, (options) =>
          client.send(
            new sdk.GetManagedPrefixListEntriesCommand({
              PrefixListId: id,
              MaxResults: 100,
              NextToken: token,
            }),
            options,
          ),
        );
        return { items: listed(action, "Entries", answer.Entries), token: answer.NextToken };
      });
      return entries.flatMap((one) => one.Cidr ?? []);
    },
    endpoints: async (vpc, signal) => {
      const action = "ec2:DescribeVpcEndpoints";
      const { sdk, client } = await load();
      const found = await allPages(async (token) => {
        const answer = await call(action, signal, (options) =>
          client.send(
            new sdk.DescribeVpcEndpointsCommand({
              Filters: [{ Name: "vpc-id", Values: [vpc] }],
              ...most,
              NextToken: token,
            }),
            options,
          ),
        );
        return {
          items: listed(action, "VpcEndpoints", answer.VpcEndpoints),
          token: answer.NextToken,
        };
      });
      return found.map(toEndpoint);
    },
    dns: async (vpc, signal) => {
      const action = "ec2:DescribeVpcAttribute";
      const { sdk, client } = await load();
      // AWS answers one attribute a call.
      const ask = async (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
        call(action, signal, (options) =>
          client.send(new sdk.DescribeVpcAttributeCommand({ VpcId: vpc, Attribute }), options),
        );
      const [support, hostnames] = await Promise.all([
        ask("enableDnsSupport"),
        ask("enableDnsHostnames"),
      ]);
      const told = (name: string, value: boolean | undefined): boolean => {
        if (value === undefined) throw senseless(action, `the answer has no ${name}`);
        return value;
      };
      return {
        support: told("EnableDnsSupport", support.EnableDnsSupport?.Value),
        hostnames: told("EnableDnsHostnames", hostnames.EnableDnsHostnames?.Value),
      };
    },
  };
}
