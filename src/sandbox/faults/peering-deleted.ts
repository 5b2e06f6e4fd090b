import { dataAddresses, subnetIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const peeringDeleted: Fault = {
  id: "peering-deleted",
  title: "Redis and the database moved to a peered VPC, and the peering was deleted",
  system: "routes",
  ...undoable((world) => {
    const moved = new Map<string, string>([
      [dataAddresses.redis, "10.9.20.15"],
      [dataAddresses.database, "10.9.21.30"],
    ]);
    const interfaces = world.ec2.networkInterfaces.filter((one) => moved.has(one.privateIpAddress));
    const records = world.dns.records.flatMap((one) =>
      "address" in one && moved.has(one.address) ? [one] : [],
    );
    const table = world.ec2.routeTables.find((one) => one.subnetIds.includes(subnetIds.private[0]));
    if (table === undefined) return null;
    const renumber = (to: ReadonlyMap<string, string>): void => {
      for (const one of interfaces)
        one.privateIpAddress = to.get(one.privateIpAddress) ?? one.privateIpAddress;
      for (const one of records) one.address = to.get(one.address) ?? one.address;
    };
    renumber(moved);
    const { routes } = table;
    const peering = "pcx-0d1c0ffee00000001";
    table.routes = [
      ...routes,
      { destinationCidrBlock: "10.9.0.0/16", vpcPeeringConnectionId: peering, state: "blackhole" },
    ];
    appendTrail(world, {
      eventName: "DeleteVpcPeeringConnection",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::VPCPeeringConnection", resourceName: peering }],
      requestParameters: { vpcPeeringConnectionId: peering },
    });
    return () => {
      renumber(new Map([...moved].map(([from, to]) => [to, from])));
      table.routes = routes;
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
