import { appendTrail } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const natDeleted: Fault = {
  id: "nat-deleted",
  title: "The NAT gateway was deleted: the tasks have no way to the internet",
  system: "routes",
  ...undoable((world) => {
    const [gateway] = world.ec2.natGateways;
    if (gateway === undefined) return null;
    const routes = world.ec2.routeTables
      .flatMap((table) => table.routes)
      .filter((route) => route.natGatewayId === gateway.natGatewayId);
    gateway.state = "deleted";
    for (const route of routes) route.state = "blackhole";
    appendTrail(world, {
      eventName: "DeleteNatGateway",
      eventSource: "ec2.amazonaws.com",
      username: "cost-saver",
      resources: [{ resourceType: "AWS::EC2::NatGateway", resourceName: gateway.natGatewayId }],
      requestParameters: { natGatewayId: gateway.natGatewayId },
    });
    return () => {
      gateway.state = "available";
      for (const route of routes) route.state = "active";
    };
  }),
  report: timeoutReport,
};
