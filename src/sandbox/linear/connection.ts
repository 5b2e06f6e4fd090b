import { invalid } from "./errors.ts";

/** Arguments of every connection of Linear's API. */
export interface Paging {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly orderBy?: "createdAt" | "updatedAt" | null;
}

/** What a field of a connection type is asked with. */
export type ListArguments = Paging & { readonly filter?: Readonly<Record<string, unknown>> | null };

interface Sortable {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 250;

/** Newest first, by `orderBy` (created when it is not given); 50 a page, at most 250. */
export const newestFirst = <Node extends Sortable>(
  nodes: readonly Node[],
  by: Paging["orderBy"],
): Node[] => {
  const key = by ?? "createdAt";
  return nodes.toSorted((a, b) => b[key].localeCompare(a[key]));
};

/** Cuts one page out of nodes that are in order. Cursors are the ids of the nodes. */
export function toConnection<Node extends { readonly id: string }>(
  nodes: readonly Node[],
  paging: Paging,
): Connection<Node> {
  const size = paging.first ?? paging.last ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE)
    throw invalid(`first and last must be between 1 and ${LARGEST_PAGE}`);
  const from = paging.after == null ? 0 : positionOf(nodes, paging.after) + 1;
  const until = paging.before == null ? nodes.length : positionOf(nodes, paging.before);
  const backwards = paging.first == null && paging.last != null;
  const start = backwards ? Math.max(from, until - size) : from;
  const end = backwards ? until : Math.min(until, from + size);
  const page = nodes.slice(start, end);
  return {
    nodes: page,
    edges: page.map((node) => ({ node, cursor: node.id })),
    pageInfo: {
      hasNextPage: end < nodes.length,
      hasPreviousPage: start > 0,
      startCursor: page[0]?.id ?? null,
      endCursor: page.at(-1)?.id ?? null,
    },
  };
}

function positionOf(nodes: readonly { readonly id: string }[], cursor: string): number {
  const position = nodes.findIndex((node) => node.id === cursor);
  if (position < 0) throw invalid("the cursor does not belong to this list");
  return position;
}
