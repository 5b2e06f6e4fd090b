import { defineFact } from "#core/fact.ts";

/** The account that the credentials belong to, as STS says: every other answer of AWS is about that one. */
export const awsIdentity = defineFact({
  id: "aws-identity",
  needs: {},
  permissions: ["sts:GetCallerIdentity"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, signal }) => ports.identity.caller(signal),
});
