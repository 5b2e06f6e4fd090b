import { defineFact } from "#core/fact.ts";

/** The service as ECS describes it: counts, deployments, events, network. Null: the cluster has none of that name. */
export const ecsService = defineFact({
  id: "ecs-service",
  needs: {},
  permissions: ["ecs:DescribeServices"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) =>
    ports.ecs.service(target.service.ecs.cluster, target.service.ecs.service, signal),
});
