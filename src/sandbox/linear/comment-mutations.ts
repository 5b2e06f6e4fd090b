import type { LinearDocument } from "@linear/sdk";
import type { Context, Resolver } from "./context.ts";
import { invalid, linearError } from "./errors.ts";
import { normalised } from "./markdown.ts";
import { done, removed } from "./payload.ts";
import type { Amendment, ById, Input } from "./payload.ts";
import { issueBy } from "./queries.ts";

function commentCreate(
  { input }: Input<LinearDocument.CommentCreateInput>,
  context: Context,
): object {
  const { store, writer, viewerId } = context;
  if (input.issueId == null)
    throw invalid("the sandbox keeps comments on issues only: issueId is missing");
  const issue = issueBy(store, input.issueId);
  const body = normalised(input.body ?? "");
  if (body === "") throw invalid("body must not be empty");
  if (input.parentId != null) store.get("Comment", input.parentId);
  const comments = store.all("Comment").filter(({ issueId }) => issueId === issue.id);
  if (comments.length >= context.limits.commentsPerIssue) {
    throw linearError(
      "QUOTA_EXCEEDED",
      `an issue holds at most ${context.limits.commentsPerIssue} comments`,
    );
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

function commentUpdate(
  { id, input }: Amendment<LinearDocument.CommentUpdateInput>,
  context: Context,
): object {
  const { store, writer } = context;
  const row = store.get("Comment", id);
  const body = input.body == null ? row.body : normalised(input.body);
  const editedAt = body === row.body ? row.editedAt : new Date(context.now()).toISOString();
  return done(
    "comment",
    context.views.comment(store.amend("Comment", id, { body, editedAt }, writer)),
  );
}

export const commentMutations: Readonly<Record<string, Resolver>> = {
  commentCreate,
  commentUpdate,
  commentDelete: ({ id }: ById, { store, writer }) => {
    store.remove("Comment", id, writer);
    return removed(id);
  },
};
