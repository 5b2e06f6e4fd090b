import { hostAddresses } from "../world/initial/outside.ts";
import { natGatewayId, routeTableIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import type { Route } from "../world/state.ts";
import { restartTasks } from "./deployment.ts";
import { interfaceEndpoint } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const around = (address: string): Route => ({
  destinationCidrBlock: address.replace(/\.\d+$/u, ".0/24"),
  natGatewayId,
  state: "active",
});

/** The way out was narrowed to the hosts that the API calls; AWS is reached through endpoints. */
export const endpointMissing: Fault = {
  id: "endpoint-missing",
  title:
    "The tasks reach AWS through VPC endpoints only; the registry's was deleted, and they were restarted",
  system: "VPC endpoints",
  ...undoable((world) => {
    const table = world.ec2.routeTables.find((one) => one.routeTableId === routeTableIds.private);
    if (table === undefined) return null;
    const { routes } = table;
    table.routes = [
      ...routes.filter((one) => one.natGatewayId === undefined),
      around(hostAddresses["auth.hokus.ai"]),
      around(hostAddresses["huggingface.co"]),
    ];
    const undo = ["ecr.dkr", "secretsmanager", "logs"].map((product) =>
      interfaceEndpoint(world, product),
    );
    const gone = "vpce-0b8c0ffee00000099";
    appendTrail(world, {
      eventName: "DeleteVpcEndpoints",
      eventSource: "ec2.amazonaws.com",
      username: "cost-saver",
      resources: [{ resourceType: "AWS::EC2::VPCEndpoint", resourceName: gone }],
      requestParameters: { vpcEndpointId: gone },
    });
    restartTasks(world);
    return () => {
      for (const back of undo) back();
      table.routes = routes;
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
