import type { LinearDocument } from "@linear/sdk";
import type { Context, Resolver } from "./context.ts";
import { conflict, invalid, linearError } from "./errors.ts";
import { normalised } from "./markdown.ts";
import { done, removed } from "./payload.ts";
import type { Amendment, ById, Input } from "./payload.ts";
import { issueBy, nextNumber } from "./queries.ts";
import type { IssueRow, StateRow } from "./rows.ts";
import { defaultState } from "./views.ts";

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

function issueUpdate(
  { id, input }: Amendment<LinearDocument.IssueUpdateInput>,
  context: Context,
): object {
  const { store, writer } = context;
  const row = issueBy(store, id);
  const state = input.stateId == null ? null : store.get("WorkflowState", input.stateId);
  if (state !== null && state.teamId !== row.teamId)
    throw invalid("the state belongs to another team");
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
      ...(input.description === undefined
        ? {}
        : { description: normalised(input.description ?? "") }),
      ...(input.priority == null ? {} : { priority: input.priority }),
      ...(input.assigneeId === undefined
        ? {}
        : {
            assigneeId: input.assigneeId === null ? null : store.get("User", input.assigneeId).id,
          }),
      ...(input.parentId === undefined
        ? {}
        : { parentId: input.parentId === null ? null : issueBy(store, input.parentId).id }),
      ...(state === null || state.id === row.stateId
        ? {}
        : { stateId: state.id, ...timesOf(state, row, at) }),
    },
    writer,
  );
  return done("issue", context.views.issue(after));
}

function changeLabel(add: boolean) {
  return (
    { id, labelId }: { readonly id: string; readonly labelId: string },
    context: Context,
  ): object =>
    issueUpdate(
      { id, input: add ? { addedLabelIds: [labelId] } : { removedLabelIds: [labelId] } },
      context,
    );
}

export const issueMutations: Readonly<Record<string, Resolver>> = {
  issueCreate,
  issueUpdate,
  issueAddLabel: changeLabel(true),
  issueRemoveLabel: changeLabel(false),
  issueArchive: ({ id }: ById, { store, writer }) => {
    const issue = issueBy(store, id);
    store.remove("Issue", issue.id, writer);
    return removed(issue.id);
  },
  issueDelete: ({ id }: ById, { store, writer }) => {
    const issue = issueBy(store, id);
    store.amend("Issue", issue.id, { trashed: true }, writer);
    store.remove("Issue", issue.id, writer);
    return removed(issue.id);
  },
  issueRelationCreate: (
    { input }: Input<LinearDocument.IssueRelationCreateInput>,
    { store, writer, views },
  ) => {
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
  issueRelationDelete: ({ id }: ById, { store, writer }) => {
    store.remove("IssueRelation", id, writer);
    return removed(id);
  },
  issueLabelCreate: (
    { input }: Input<LinearDocument.IssueLabelCreateInput>,
    { store, writer, views },
  ) => {
    const teamId = input.teamId == null ? null : store.get("Team", input.teamId).id;
    const taken = store
      .all("IssueLabel")
      .some(({ name }) => name.toLowerCase() === input.name.toLowerCase());
    if (taken)
      throw linearError(
        "INPUT_ERROR",
        "duplicate label name",
        `A label named ${input.name} exists.`,
      );
    const row = store.insert(
      "IssueLabel",
      { id: input.id ?? undefined, name: input.name, color: input.color ?? "#bec2c8", teamId },
      writer,
    );
    return done("issueLabel", views.label(row));
  },
};
