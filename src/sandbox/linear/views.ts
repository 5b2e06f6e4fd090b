import { newestFirst, toConnection } from "./connection.ts";
import type { ListArguments } from "./connection.ts";
import { matches } from "./filter.ts";
import type { Listing } from "./filter.ts";
import type {
  AttachmentRow,
  CommentRow,
  IssueRow,
  LabelRow,
  RelationRow,
  StateRow,
  TeamRow,
  UserRow,
  WebhookRow,
} from "./rows.ts";
import type { Store } from "./store.ts";

interface View {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Rows as GraphQL shows them: scalars as values, relations and lists as functions. */
export interface Views {
  readonly organization: () => object;
  readonly user: (row: UserRow) => View;
  readonly team: (row: TeamRow) => View;
  readonly state: (row: StateRow) => View;
  readonly label: (row: LabelRow) => View;
  readonly issue: (row: IssueRow) => View;
  readonly comment: (row: CommentRow) => View;
  readonly attachment: (row: AttachmentRow) => View;
  readonly relation: (row: RelationRow) => View;
  readonly webhook: (row: WebhookRow) => View;
}

export const WORKSPACE = {
  id: "6f8a0f52-6f0d-4c3e-9f57-3a1d2f7f9b10",
  name: "Hokusai",
  urlKey: "hokusai",
} as const;

/** A field of a connection type over rows that are computed when it is asked. */
export const listing = (rows: () => readonly View[]): Listing =>
  Object.assign(
    (args: ListArguments) => {
      const kept = rows().filter((view) => args.filter == null || matches(view, args.filter));
      return toConnection(newestFirst(kept, args.orderBy), args);
    },
    { list: rows },
  );

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);

export const issueUrl = (issue: IssueRow): string =>
  `https://linear.app/${WORKSPACE.urlKey}/issue/${issue.identifier}/${slug(issue.title)}`;
export const commentUrl = (issue: IssueRow, comment: CommentRow): string =>
  `${issueUrl(issue)}#comment-${comment.id.slice(0, 8)}`;

export function createViews(store: Store, viewerId: string): Views {
  const views: Views = {
    organization: () => ({
      ...WORKSPACE,
      __typename: "Organization",
      createdAt: store.all("User")[0]?.createdAt,
      teams: listing(() => store.all("Team").map(views.team)),
      users: listing(() => store.all("User").map(views.user)),
      labels: listing(() => store.all("IssueLabel").map(views.label)),
      userCount: store.all("User").length,
    }),
    user: (row) => ({
      ...row,
      __typename: "User",
      active: true,
      admin: false,
      guest: false,
      isMe: row.id === viewerId,
      initials: row.name.slice(0, 2).toUpperCase(),
      url: `https://linear.app/${WORKSPACE.urlKey}/profiles/${row.displayName}`,
      organization: () => views.organization(),
      assignedIssues: listing(() => issuesWhere((issue) => issue.assigneeId === row.id)),
      createdIssues: listing(() => issuesWhere((issue) => issue.creatorId === row.id)),
      teams: listing(() => store.all("Team").map(views.team)),
    }),
    team: (row) => ({
      ...row,
      __typename: "Team",
      displayName: row.name,
      organization: () => views.organization(),
      states: listing(() =>
        store
          .all("WorkflowState")
          .filter((state) => state.teamId === row.id)
          .map(views.state),
      ),
      labels: listing(() =>
        store
          .all("IssueLabel")
          .filter((label) => label.teamId === row.id)
          .map(views.label),
      ),
      issues: listing(() => issuesWhere((issue) => issue.teamId === row.id)),
      members: listing(() => store.all("User").map(views.user)),
      triageEnabled: true,
      defaultIssueState: () => views.state(defaultState(store, row.id, false)),
      triageIssueState: () => views.state(defaultState(store, row.id, true)),
    }),
    state: (row) => ({
      ...row,
      __typename: "WorkflowState",
      description: null,
      team: () => views.team(store.get("Team", row.teamId)),
      issues: listing(() => issuesWhere((issue) => issue.stateId === row.id)),
    }),
    label: (row) => ({
      ...row,
      __typename: "IssueLabel",
      isGroup: false,
      parent: null,
      creator: null,
      team: () => (row.teamId === null ? null : views.team(store.get("Team", row.teamId))),
      organization: () => views.organization(),
      issues: listing(() => issuesWhere((issue) => issue.labelIds.includes(row.id))),
    }),
    issue: (row) => ({
      ...row,
      __typename: "Issue",
      url: issueUrl(row),
      branchName: `${row.identifier.toLowerCase()}-${slug(row.title)}`,
      priorityLabel:
        ["No priority", "Urgent", "High", "Medium", "Low"][row.priority] ?? "No priority",
      labelIds: [...row.labelIds],
      team: () => views.team(store.get("Team", row.teamId)),
      state: () => views.state(store.get("WorkflowState", row.stateId)),
      creator: () => views.user(store.get("User", row.creatorId)),
      assignee: () =>
        row.assigneeId === null ? null : views.user(store.get("User", row.assigneeId)),
      parent: () => (row.parentId === null ? null : views.issue(store.get("Issue", row.parentId))),
      labels: listing(() => row.labelIds.map((id) => views.label(store.get("IssueLabel", id)))),
      comments: listing(() => store.all("Comment").filter(belongsTo(row.id)).map(views.comment)),
      attachments: listing(() =>
        store.all("Attachment").filter(belongsTo(row.id)).map(views.attachment),
      ),
      children: listing(() => issuesWhere((issue) => issue.parentId === row.id)),
      relations: listing(() =>
        store.all("IssueRelation").filter(belongsTo(row.id)).map(views.relation),
      ),
      inverseRelations: listing(() =>
        store
          .all("IssueRelation")
          .filter((relation) => relation.relatedIssueId === row.id)
          .map(views.relation),
      ),
    }),
    comment: (row) => ({
      ...row,
      __typename: "Comment",
      url: commentUrl(store.get("Issue", row.issueId), row),
      issue: () => views.issue(store.get("Issue", row.issueId)),
      user: () => views.user(store.get("User", row.userId)),
      parent: () =>
        row.parentId === null ? null : views.comment(store.get("Comment", row.parentId)),
      children: listing(() =>
        store
          .all("Comment")
          .filter((reply) => reply.parentId === row.id)
          .map(views.comment),
      ),
    }),
    attachment: (row) => ({
      ...row,
      __typename: "Attachment",
      sourceType: "api",
      issue: () => views.issue(store.get("Issue", row.issueId)),
      originalIssue: null,
      creator: () => views.user(store.get("User", row.creatorId)),
    }),
    relation: (row) => ({
      ...row,
      __typename: "IssueRelation",
      issue: () => views.issue(store.get("Issue", row.issueId)),
      relatedIssue: () => views.issue(store.get("Issue", row.relatedIssueId)),
    }),
    webhook: (row) => ({
      ...row,
      __typename: "Webhook",
      allPublicTeams: row.teamId === null,
      team: () => (row.teamId === null ? null : views.team(store.get("Team", row.teamId))),
      creator: null,
    }),
  };
  const issuesWhere = (test: (issue: IssueRow) => boolean): readonly View[] =>
    store.all("Issue").filter(test).map(views.issue);
  return views;
}

const belongsTo = (issueId: string) => (row: { readonly issueId: string }) =>
  row.issueId === issueId;

/** Triage for what integrations open, the backlog for what people open. */
export function defaultState(store: Store, teamId: string, triage: boolean): StateRow {
  const wanted = triage ? "triage" : "backlog";
  const states = store.all("WorkflowState").filter((state) => state.teamId === teamId);
  const state = states.find(({ type }) => type === wanted) ?? states[0];
  if (state === undefined) throw new Error(`team ${teamId} has no workflow`);
  return state;
}
