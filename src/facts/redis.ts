import { defineFact } from "#core/fact.ts";

/** The cache of checked keys: connects, authenticates, PING, and memory where INFO is allowed. */
export const redis = defineFact({
  id: "redis",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "vpc",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal }) => ports.redis.ping(target.service, signal),
});
