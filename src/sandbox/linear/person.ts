import { notFound } from "./errors.ts";
import { normalised } from "./markdown.ts";
import { issueBy, nextNumber } from "./queries.ts";
import type { CommentRow, IssueRow } from "./rows.ts";
import type { Store, Writer } from "./store.ts";
import { defaultState } from "./views.ts";

/** What a person does in Linear's own interface. Issues are named by identifier or UUID. */
export interface PersonActions {
  openIssue(title: string, description?: string): IssueRow;
  moveState(issue: string, stateName: string): IssueRow;
  editDescription(issue: string, description: string): IssueRow;
  editTitle(issue: string, title: string): IssueRow;
  assignToSelf(issue: string): IssueRow;
  addLabel(issue: string, labelName: string): IssueRow;
  removeLabel(issue: string, labelName: string): IssueRow;
  deleteIssue(issue: string): void;
  comment(issue: string, body: string): CommentRow;
  editComment(commentId: string, body: string): CommentRow;
  deleteComment(commentId: string): void;
  deleteAttachment(attachmentId: string): void;
}

export function createPerson(store: Store, teamId: string, writer: Writer): PersonActions {
  const named = <T extends { readonly name: string }>(
    rows: readonly T[],
    name: string,
    entity: string,
  ): T => {
    const found = rows.find((row) => row.name === name);
    if (found === undefined) throw notFound(entity);
    return found;
  };
  const amend = (issue: string, change: Partial<Omit<IssueRow, "id" | "createdAt">>): IssueRow =>
    store.amend("Issue", issueBy(store, issue).id, change, writer);
  const relabel = (issue: string, name: string, has: boolean): IssueRow => {
    const { id } = named(store.all("IssueLabel"), name, "IssueLabel");
    const others = issueBy(store, issue).labelIds.filter((label) => label !== id);
    return amend(issue, { labelIds: has ? [...others, id] : others });
  };
  return {
    openIssue(title, description) {
      const team = store.get("Team", teamId);
      const number = nextNumber(store, teamId);
      return store.insert(
        "Issue",
        {
          identifier: `${team.key}-${number}`,
          number,
          title,
          description: description === undefined ? null : normalised(description),
          teamId,
          stateId: defaultState(store, teamId, false).id,
          creatorId: writer.userId,
          assigneeId: null,
          parentId: null,
          priority: 0,
          labelIds: [],
          startedAt: null,
          completedAt: null,
          canceledAt: null,
          trashed: false,
        },
        writer,
      );
    },
    moveState: (issue, name) =>
      amend(issue, { stateId: named(store.all("WorkflowState"), name, "WorkflowState").id }),
    editDescription: (issue, description) => amend(issue, { description: normalised(description) }),
    editTitle: (issue, title) => amend(issue, { title }),
    assignToSelf: (issue) => amend(issue, { assigneeId: writer.userId }),
    addLabel: (issue, name) => relabel(issue, name, true),
    removeLabel: (issue, name) => relabel(issue, name, false),
    deleteIssue: (issue) => store.remove("Issue", issueBy(store, issue).id, writer),
    comment: (issue, body) =>
      store.insert(
        "Comment",
        {
          body: normalised(body),
          issueId: issueBy(store, issue).id,
          userId: writer.userId,
          parentId: null,
          editedAt: null,
        },
        writer,
      ),
    editComment: (id, body) => store.amend("Comment", id, { body: normalised(body) }, writer),
    deleteComment: (id) => store.remove("Comment", id, writer),
    deleteAttachment: (id) => store.remove("Attachment", id, writer),
  };
}
