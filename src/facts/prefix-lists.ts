import { defineFact } from "#core/fact.ts";
import { securityGroups } from "./security-groups.ts";

/** What the managed prefix lists hold that the groups' rules name, by the list's id. */
export const prefixLists = defineFact({
  id: "prefix-lists",
  needs: { groups: securityGroups },
  permissions: ["ec2:GetManagedPrefixListEntries"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { groups }, signal }) => {
    const named = groups.flatMap((group) =>
      [...group.ingress, ...group.egress].flatMap((rule) => rule.prefixLists),
    );
    const lists = await Promise.all(
      [...new Set(named)].map(
        async (id) => [id, await ports.network.prefixList(id, signal)] as const,
      ),
    );
    return Object.fromEntries(lists);
  },
});
