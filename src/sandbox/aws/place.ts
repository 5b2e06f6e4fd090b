import type { WorldState } from "../world/state.ts";

/**
 * What an account holds in a region: the world where both are its own, an empty account otherwise,
 * as in AWS, where a client set to the wrong region finds nothing and is told so.
 */
export const stateIn = (
  state: WorldState,
  place: { account: string; region: string },
): WorldState =>
  place.account === state.account && place.region === state.region
    ? state
    : {
        ...state,
        ...place,
        now: () => state.now(),
        ecs: {
          clusters: [],
          services: [],
          tasks: [],
          taskDefinitions: [],
          capacity: "available",
        },
        elb: { loadBalancers: [], listeners: [], rules: [], targetGroups: [], targets: [] },
        ec2: {
          vpcs: [],
          subnets: [],
          securityGroups: [],
          networkAcls: [],
          routeTables: [],
          natGateways: [],
          internetGateways: [],
          vpcEndpoints: [],
          networkInterfaces: [],
          prefixLists: [],
        },
        logs: { groups: [] },
        cloudwatch: { metrics: [], alarms: [] },
        trail: [],
        cloudMap: { namespaces: [], services: [] },
        ecr: { repositories: [], stalled: false },
        secrets: [],
      };
