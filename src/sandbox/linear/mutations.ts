import { randomBytes } from "node:crypto";
import type { LinearDocument } from "@linear/sdk";
import type { Context, Resolver } from "./context.ts";
import { conflict, invalid, linearError } from "./errors.ts";
import { normalised } from "./markdown.ts";
import { issueBy, nextNumber } from "./queries.ts";
import type { AttachmentRow, IssueRow, StateRow } from "./rows.ts";
import { defaultState } from "./views.ts";

interface Input<T> {
  readonly input: T;
}
type Change<T> = Input<T> & { readonly id: string };

const done = (field: string, entity: object): object => ({ success: true, lastSyncId: 0, [field]: entity });
const removed = (id: string): object => ({ success: true, lastSyncId: 0, entityId: id });

/** The times that moving into a state sets. */
function timesOf(state: StateRow, before: IssueRow | null, at: string): Partial<IssueRow> {
  return {
    startedAt: state.type === "started" ? (before?.startedAt ?? at) : (before?.startedAt ?? null),
    completedAt: state.type === "completed" ? at : null,
    canceledAt: state.type === "canceled" ? at : null,
  };
}

function issueCreate({ input }: Input<LinearDocument.IssueCreateInput>, context: Context): object {
  const { store, writer, viewerId } = context;
  const team = store.get("Team", input.teamId);
  if (input.id != null && store.find("Issue", input.id) !== null) throw conflict("Issue", input.id);
  if (input.title == null || input.title.trim() === "") throw invalid("title must not be empty");
  const state =
    input.stateId == null
      ? defaultState(store, team.id, store.get("User", viewerId).app)
      : store.get("WorkflowState", input.stateId);
  if (state.teamId !== team.id) throw invalid("the state belongs to another team");
  for (const id of input.labelIds ?? []) store.get("IssueLabel", id);
  const number = nextNumber(store, team.id);
  const at = new Date(context.now()).toISOString();
  const row = store.insert(
    "Issue",
    {
      id: input.id ?? undefined,
      identifier: `${team.key}-${number}`,
      number,
      title: input.title,
      description: input.description == null ? null : normalised(input.description),
      teamId: team.id,
      stateId: state.id,
      creatorId: viewerId,
      assigneeId: input.assigneeId == null ? null : store.get("User", input.assigneeId).id,
      parentId: input.parentId == null ? null : issueBy(store, input.parentId).id,
      priority: input.priority ?? 0,
      labelIds: input.labelIds ?? [],
      startedAt: null,
      completedAt: null,
      canceledAt: null,
      trashed: false,
      ...timesOf(state, null, at),
    },
    writer,
  );
  return done("issue", context.views.issue(row));
}

function issueUpdate({ id, input }: Change<LinearDocument.IssueUpdateInput>, context: Context): object {
  const { store, writer } = context;
  const row = issueBy(store, id);
  const state = input.stateId == null ? null : store.get("WorkflowState", input.stateId);
  if (state !== null && state.teamId !== row.teamId) throw invalid("the state belongs to another team");
  const labels = new Set(input.labelIds ?? row.labelIds);
  for (const label of input.addedLabelIds ?? []) labels.add(label);
  for (const label of input.removedLabelIds ?? []) labels.delete(label);
  for (const label of labels) store.get("IssueLabel", label);
  const at = new Date(context.now()).toISOString();
  const after = store.amend(
    "Issue",
    row.id,
    {
      labelIds: [...labels],
      ...(input.title == null ? {} : { title: input.title }),
      ...(input.description === undefined ? {} : { description: normalised(input.description ?? "") }),
      ...(input.priority == null ? {} : { priority: input.priority }),
      ...(input.assigneeId === undefined
        ? {}
        : { assigneeId: input.assigneeId === null ? null : store.get("User", input.assigneeId).id }),
      ...(input.parentId === undefined
        ? {}
        : { parentId: input.parentId === null ? null : issueBy(store, input.parentId).id }),
      ...(state === null || state.id === row.stateId ? {} : { stateId: state.id, ...timesOf(state, row, at) }),
    },
    writer,
  );
  return done("issue", context.views.issue(after));
}

function changeLabel(add: boolean) {
  return ({ id, labelId }: { readonly id: string; readonly labelId: string }, context: Context): object =>
    issueUpdate({ id, input: add ? { addedLabelIds: [labelId] } : { removedLabelIds: [labelId] } }, context);
}

function commentCreate({ input }: Input<LinearDocument.CommentCreateInput>, context: Context): object {
  const { store, writer, viewerId } = context;
  if (input.issueId == null) throw invalid("the sandbox keeps comments on issues only: issueId is missing");
  const issue = issueBy(store, input.issueId);
  const body = normalised(input.body ?? "");
  if (body === "") throw invalid("body must not be empty");
  if (input.parentId != null) store.get("Comment", input.parentId);
  const comments = store.all("Comment").filter(({ issueId }) => issueId === issue.id);
  if (comments.length >= context.limits.commentsPerIssue) {
    throw linearError("QUOTA_EXCEEDED", `an issue holds at most ${context.limits.commentsPerIssue} comments`);
  }
  const row = store.insert(
    "Comment",
    {
      id: input.id ?? undefined,
      body,
      issueId: issue.id,
      userId: viewerId,
      parentId: input.parentId ?? null,
      editedAt: null,
    },
    writer,
  );
  return done("comment", context.views.comment(row));
}

function commentUpdate({ id, input }: Change<LinearDocument.CommentUpdateInput>, context: Context): object {
  const { store, writer } = context;
  const row = store.get("Comment", id);
  const body = input.body == null ? row.body : normalised(input.body);
  const editedAt = body === row.body ? row.editedAt : new Date(context.now()).toISOString();
  return done("comment", context.views.comment(store.amend("Comment", id, { body, editedAt }, writer)));
}

type AttachmentInput = Pick<LinearDocument.AttachmentCreateInput, "id" | "issueId" | "title" | "subtitle" | "url" | "metadata">;

/** Upserts on (issue, url), as attachmentCreate does; the first one's id stays. */
function attach(input: AttachmentInput, { store, writer, viewerId, views }: Context): object {
  const issue = issueBy(store, input.issueId);
  if (!URL.canParse(input.url)) throw invalid("url must be a URL");
  const metadata = toMetadata(input.metadata);
  const row = store.all("Attachment").find(({ issueId, url }) => issueId === issue.id && url === input.url);
  const content = { title: input.title, subtitle: input.subtitle ?? null, metadata };
  const after: AttachmentRow =
    row === undefined
      ? store.insert(
          "Attachment",
          { id: input.id ?? undefined, issueId: issue.id, url: input.url, creatorId: viewerId, ...content },
          writer,
        )
      : store.amend("Attachment", row.id, content, writer);
  return done("attachment", views.attachment(after));
}

/** Flat strings and numbers; `attributes` and `messages` are the lists that Linear displays. */
function toMetadata(value: unknown): Record<string, unknown> {
  const metadata = (value ?? {}) as Record<string, unknown>;
  for (const [key, entry] of Object.entries(metadata)) {
    const flat = typeof entry === "string" || typeof entry === "number";
    if (!flat && key !== "attributes" && key !== "messages") {
      throw invalid(`metadata.${key} must be a string or a number`);
    }
  }
  return metadata;
}

export const mutations: Readonly<Record<string, Resolver>> = {
  issueCreate,
  issueUpdate,
  issueAddLabel: changeLabel(true),
  issueRemoveLabel: changeLabel(false),
  issueArchive: ({ id }: { readonly id: string }, { store, writer }) => {
    const issue = issueBy(store, id);
    store.remove("Issue", issue.id, writer);
    return removed(issue.id);
  },
  issueDelete: ({ id }: { readonly id: string }, { store, writer }) => {
    const issue = issueBy(store, id);
    store.amend("Issue", issue.id, { trashed: true }, writer);
    store.remove("Issue", issue.id, writer);
    return removed(issue.id);
  },
  issueRelationCreate: ({ input }: Input<LinearDocument.IssueRelationCreateInput>, { store, writer, views }) => {
    const row = store.insert(
      "IssueRelation",
      {
        id: input.id ?? undefined,
        type: input.type,
        issueId: issueBy(store, input.issueId).id,
        relatedIssueId: issueBy(store, input.relatedIssueId).id,
      },
      writer,
    );
    return done("issueRelation", views.relation(row));
  },
  issueRelationDelete: ({ id }: { readonly id: string }, { store, writer }) => {
    store.remove("IssueRelation", id, writer);
    return removed(id);
  },
  issueLabelCreate: ({ input }: Input<LinearDocument.IssueLabelCreateInput>, { store, writer, views }) => {
    const teamId = input.teamId == null ? null : store.get("Team", input.teamId).id;
    const taken = store.all("IssueLabel").some(({ name }) => name.toLowerCase() === input.name.toLowerCase());
    if (taken) throw linearError("INPUT_ERROR", "duplicate label name", `A label named ${input.name} exists.`);
    const row = store.insert(
      "IssueLabel",
      { id: input.id ?? undefined, name: input.name, color: input.color ?? "#bec2c8", teamId },
      writer,
    );
    return done("issueLabel", views.label(row));
  },
  commentCreate,
  commentUpdate,
  commentDelete: ({ id }: { readonly id: string }, { store, writer }) => {
    store.remove("Comment", id, writer);
    return removed(id);
  },
  attachmentCreate: ({ input }: Input<LinearDocument.AttachmentCreateInput>, context) => attach(input, context),
  attachmentLinkURL: (
    args: { readonly issueId: string; readonly url: string; readonly title?: string; readonly id?: string },
    context,
  ) => attach({ ...args, title: args.title ?? args.url }, context),
  attachmentLinkSlack: (
    args: { readonly issueId: string; readonly url: string; readonly title?: string; readonly id?: string },
    context,
  ) => attach({ ...args, title: args.title ?? "Slack thread" }, context),
  attachmentUpdate: ({ id, input }: Change<LinearDocument.AttachmentUpdateInput>, { store, writer, views }) => {
    const { metadata } = store.get("Attachment", id);
    const after = {
      title: input.title,
      metadata: input.metadata == null ? metadata : toMetadata(input.metadata),
      ...(input.subtitle === undefined ? {} : { subtitle: input.subtitle }),
    };
    return done("attachment", views.attachment(store.amend("Attachment", id, after, writer)));
  },
  attachmentDelete: ({ id }: { readonly id: string }, { store, writer }) => {
    store.remove("Attachment", id, writer);
    return removed(id);
  },
  fileUpload: (
    args: { readonly contentType: string; readonly filename: string; readonly size: number },
    { uploads },
  ) => done("uploadFile", uploads.announce(args)),
  webhookCreate: ({ input }: Input<LinearDocument.WebhookCreateInput>, { store, writer, views }) => {
    const row = store.insert(
      "Webhook",
      {
        id: input.id ?? undefined,
        url: input.url,
        label: input.label ?? null,
        enabled: input.enabled ?? true,
        secret: input.secret ?? `lin_wh_${randomBytes(16).toString("hex")}`,
        resourceTypes: input.resourceTypes,
        teamId: input.teamId ?? null,
      },
      writer,
    );
    return done("webhook", views.webhook(row));
  },
  webhookDelete: ({ id }: { readonly id: string }, { store, writer }) => {
    store.remove("Webhook", id, writer);
    return removed(id);
  },
};
