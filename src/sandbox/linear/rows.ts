/** What the sandbox keeps. Times are ISO 8601 in UTC; `archivedAt` marks what was deleted. */
interface Row {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt: string | null;
}

export interface UserRow extends Row {
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  /** True for the user that an app acts as (actor=app). */
  readonly app: boolean;
}

export interface TeamRow extends Row {
  readonly key: string;
  /** The number of its first issue. */
  readonly firstNumber: number;
  readonly name: string;
}

export type StateType = "triage" | "backlog" | "unstarted" | "started" | "completed" | "canceled";

export interface StateRow extends Row {
  readonly name: string;
  readonly type: StateType;
  readonly position: number;
  readonly color: string;
  readonly teamId: string;
}

export interface LabelRow extends Row {
  readonly name: string;
  readonly color: string;
  /** Null for a label of the whole workspace. */
  readonly teamId: string | null;
}

export interface IssueRow extends Row {
  readonly identifier: string;
  readonly number: number;
  readonly title: string;
  readonly description: string | null;
  readonly teamId: string;
  readonly stateId: string;
  readonly creatorId: string;
  readonly assigneeId: string | null;
  readonly parentId: string | null;
  /** 0 none, 1 urgent to 4 low. */
  readonly priority: number;
  readonly labelIds: readonly string[];
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly canceledAt: string | null;
  readonly trashed: boolean;
}

export interface CommentRow extends Row {
  readonly body: string;
  readonly issueId: string;
  readonly userId: string;
  readonly parentId: string | null;
  readonly editedAt: string | null;
}

export interface AttachmentRow extends Row {
  readonly issueId: string;
  readonly title: string;
  readonly subtitle: string | null;
  readonly url: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly creatorId: string;
}

export interface RelationRow extends Row {
  readonly type: string;
  readonly issueId: string;
  readonly relatedIssueId: string;
}

export interface WebhookRow extends Row {
  readonly url: string;
  readonly label: string | null;
  readonly enabled: boolean;
  readonly secret: string;
  readonly resourceTypes: readonly string[];
  readonly teamId: string | null;
}

export interface Rows {
  readonly User: UserRow;
  readonly Team: TeamRow;
  readonly WorkflowState: StateRow;
  readonly IssueLabel: LabelRow;
  readonly Issue: IssueRow;
  readonly Comment: CommentRow;
  readonly Attachment: AttachmentRow;
  readonly IssueRelation: RelationRow;
  readonly Webhook: WebhookRow;
}

export type Entity = keyof Rows;
/** What an insert has to give; ids and times are added. */
export type Insert<E extends Entity> = Omit<Rows[E], keyof Row> & {
  readonly id?: string | undefined;
};
export type Amend<E extends Entity> = Partial<Omit<Rows[E], "id" | "createdAt">>;
