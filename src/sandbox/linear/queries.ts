import { newestFirst, toConnection } from "./connection.ts";
import type { ListArguments } from "./connection.ts";
import type { Context, Resolver } from "./context.ts";
import { invalid, notFound } from "./errors.ts";
import { listing } from "./views.ts";
import type { ById } from "./payload.ts";
import type { IssueRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** Numbers of deleted issues are not given again. */
export function nextNumber(store: Store, teamId: string): number {
  const taken = store.changes.flatMap(({ entity, after }) =>
    entity === "Issue" && (after as IssueRow).teamId === teamId ? [(after as IssueRow).number] : [],
  );
  return Math.max(store.get("Team", teamId).firstNumber - 1, ...taken) + 1;
}

type SortOrder = { readonly order?: "Ascending" | "Descending" | null } | null;
type IssueArguments = ListArguments & {
  readonly sort?: readonly Readonly<Record<string, SortOrder>>[] | null;
};

/** By UUID or by identifier, as Linear takes it: "HOK-123". */
export function issueBy(store: Store, reference: string): IssueRow {
  const found = store
    .all("Issue")
    .find(({ id, identifier }) => id === reference || identifier === reference.toUpperCase());
  if (found === undefined) throw notFound("Issue");
  return found;
}

const SORTABLE = new Set(["createdAt", "updatedAt", "title", "priority"]);

/** `sort` as far as the sandbox knows the keys; without it the order of `orderBy`. */
function issues({ sort, ...args }: IssueArguments, { store, views }: Context): unknown {
  const list = listing(() => store.all("Issue").map(views.issue));
  if (sort == null || sort.length === 0) return list(args);
  const [key, order] = Object.entries(sort[0] ?? {})[0] ?? ["createdAt", null];
  if (!SORTABLE.has(key) || sort.length > 1) throw invalid(`the sandbox cannot sort by ${key}`);
  const filtered = list({ ...args, first: null, last: null, after: null, before: null }) as {
    readonly nodes: readonly { readonly id: string }[];
  };
  const value = (view: object): string | number =>
    (view as Record<string, string | number>)[key] ?? "";
  const ascending = filtered.nodes.toSorted((a, b) => (value(a) < value(b) ? -1 : 1));
  return toConnection(order?.order === "Descending" ? ascending.toReversed() : ascending, args);
}

export const queries: Readonly<Record<string, Resolver>> = {
  viewer: (_: object, { store, views, viewerId }) => views.user(store.get("User", viewerId)),
  organization: (_: object, { views }) => views.organization(),
  issue: ({ id }: ById, { store, views }) => views.issue(issueBy(store, id)),
  issues,
  comment: ({ id }: ById, { store, views }) => views.comment(store.get("Comment", id)),
  comments: (args: ListArguments, { store, views }) =>
    listing(() => store.all("Comment").map(views.comment))(args),
  attachment: ({ id }: ById, { store, views }) => views.attachment(store.get("Attachment", id)),
  attachments: (args: ListArguments, { store, views }) =>
    listing(() => store.all("Attachment").map(views.attachment))(args),
  attachmentsForURL: (
    { url, ...args }: ListArguments & { readonly url: string },
    { store, views },
  ) => {
    const rows = store.all("Attachment").filter((attachment) => attachment.url === url);
    return toConnection(newestFirst(rows.map(views.attachment), args.orderBy), args);
  },
  team: ({ id }: ById, { store, views }) => {
    const found = store.all("Team").find((team) => team.id === id || team.key === id);
    if (found === undefined) throw notFound("Team");
    return views.team(found);
  },
  teams: (args: ListArguments, { store, views }) =>
    listing(() => store.all("Team").map(views.team))(args),
  workflowState: ({ id }: ById, { store, views }) => views.state(store.get("WorkflowState", id)),
  workflowStates: (args: ListArguments, { store, views }) =>
    listing(() => store.all("WorkflowState").map(views.state))(args),
  issueLabel: ({ id }: ById, { store, views }) => views.label(store.get("IssueLabel", id)),
  issueLabels: (args: ListArguments, { store, views }) =>
    listing(() => store.all("IssueLabel").map(views.label))(args),
  issueRelation: ({ id }: ById, { store, views }) => views.relation(store.get("IssueRelation", id)),
  user: ({ id }: ById, { store, views, viewerId }) =>
    views.user(store.get("User", id === "me" ? viewerId : id)),
  users: (args: ListArguments, { store, views }) =>
    listing(() => store.all("User").map(views.user))(args),
  webhook: ({ id }: ById, { store, views }) => views.webhook(store.get("Webhook", id)),
  webhooks: (args: ListArguments, { store, views }) =>
    listing(() => store.all("Webhook").map(views.webhook))(args),
};
