import { defineFact } from "#core/fact.ts";

/** The newest 20 service deployments; after a rollback only these tell that there was one. */
export const ecsDeployments = defineFact({
  id: "ecs-deployments",
  needs: {},
  permissions: ["ecs:ListServiceDeployments"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) =>
    ports.ecs.deployments(target.service.ecs.cluster, target.service.ecs.service, signal),
});
