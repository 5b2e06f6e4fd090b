import { defineFact } from "#core/fact.ts";
import { routeTables } from "./route-tables.ts";

/** What the prefix lists hold that are destinations of routes, by the list's id. */
export const routePrefixLists = defineFact({
  id: "route-prefix-lists",
  needs: { routes: routeTables },
  permissions: ["ec2:GetManagedPrefixListEntries"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { routes }, signal }) => {
    const named = routes.flatMap((table) =>
      table.routes.flatMap(({ destination }) =>
        destination.startsWith("pl-") ? [destination] : [],
      ),
    );
    const lists = await Promise.all(
      [...new Set(named)].map(
        async (id) => [id, await ports.network.prefixList(id, signal)] as const,
      ),
    );
    return Object.fromEntries(lists);
  },
});
