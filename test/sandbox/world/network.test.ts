import { describe, expect, it } from "vitest";
import { isReachable } from "../../../src/sandbox/net/reachability.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { WorldState } from "../../../src/sandbox/world/state.ts";
import { groupIds, subnetIds } from "../../../src/sandbox/world/initial/network.ts";

const balancer = "10.0.0.23";
const task = "10.0.4.31";
const internet = "30.217.33.10";
const redis = "10.0.20.15";

const group = (world: WorldState) => {
  const found = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
  if (found === undefined) throw new Error("no group");
  return found;
};
const deny = (
  world: WorldState,
  subnetId: string,
  egress: boolean,
  from: number,
  to: number,
): void => {
  const [acl] = world.ec2.networkAcls;
  world.ec2.networkAcls.push({
    networkAclId: "acl-1",
    vpcId: acl?.vpcId ?? "",
    isDefault: false,
    subnetIds: [subnetId],
    entries: [
      {
        ruleNumber: 50,
        egress,
        protocol: "6",
        ruleAction: "deny",
        cidrBlock: "0.0.0.0/0",
        portRange: { from, to },
      },
      ...(acl?.entries ?? []),
    ],
  });
  if (acl !== undefined) acl.subnetIds = acl.subnetIds.filter((one) => one !== subnetId);
};

describe("isReachable", () => {
  const rows: [string, string, string, number, boolean, (world: WorldState) => void][] = [
    ["at rest, load balancer to task", balancer, task, 8001, true, () => undefined],
    ["at rest, task to the internet", task, internet, 443, true, () => undefined],
    ["at rest, task to Redis", task, redis, 6379, true, () => undefined],
    ["another port", balancer, task, 8002, false, () => undefined],
    ["ingress revoked", balancer, task, 8001, false, (world) => void (group(world).ingress = [])],
    ["egress revoked", task, internet, 443, false, (world) => void (group(world).egress = [])],
    [
      "no route out",
      task,
      internet,
      443,
      false,
      (world) =>
        world.ec2.routeTables.forEach((table) => (table.routes = table.routes.slice(0, 1))),
    ],
    [
      "NAT gateway gone",
      task,
      internet,
      443,
      false,
      (world) => world.ec2.natGateways.forEach((nat) => (nat.state = "deleted")),
    ],
    [
      "ACL refuses the port",
      balancer,
      task,
      8001,
      false,
      (world) => deny(world, subnetIds.private[0], false, 8001, 8001),
    ],
    [
      "ACL refuses the way back",
      balancer,
      task,
      8001,
      false,
      (world) => deny(world, subnetIds.private[0], true, 1024, 65_535),
    ],
    [
      "ACL of the other zone",
      balancer,
      task,
      8001,
      true,
      (world) => deny(world, subnetIds.private[1], false, 8001, 8001),
    ],
  ];
  it.each(rows)("%s", (_name, from, to, port, wanted, change) => {
    const world = createWorldState();
    change(world);
    expect(isReachable(world, from, to, port)).toBe(wanted);
  });
});
