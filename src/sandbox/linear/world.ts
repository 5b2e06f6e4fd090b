import type { Failures } from "../failures.ts";
import type { LinearCall } from "./endpoint.ts";
import type { PersonActions } from "./person.ts";
import type { Allowance } from "./rate-limit.ts";
import type { AttachmentRow, CommentRow, IssueRow, StateRow } from "./rows.ts";
import type { Change } from "./store.ts";
import type { Upload } from "./uploads.ts";
import type { Webhooks } from "./webhooks.ts";

export interface LinearOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** "HOK" by default. */
  readonly teamKey?: string;
  /** Of the first issue; 123 by default. */
  readonly firstNumber?: number;
  readonly allowance?: Allowance;
  /** 2,000 at Linear. */
  readonly commentsPerIssue?: number;
  readonly now?: () => number;
}

/** An issue with what belongs to it, as a person sees it now. */
export interface ShownIssue extends IssueRow {
  readonly url: string;
  readonly state: StateRow;
  readonly labels: readonly string[];
  readonly comments: readonly CommentRow[];
  readonly attachments: readonly AttachmentRow[];
}

export interface LinearWorld extends Failures {
  /** The GraphQL endpoint, for LINEAR_API_URL. */
  readonly url: string;
  /** Goes without "Bearer"; its owner is a person. */
  readonly apiKey: string;
  /** Goes with "Bearer"; acts as the app. */
  readonly accessToken: string;
  readonly webhookSecret: string;
  readonly ids: {
    readonly team: string;
    readonly keyOwner: string;
    readonly app: string;
    readonly person: string;
  };
  readonly calls: readonly LinearCall[];
  /** Every write, in order. */
  readonly changes: readonly Change[];
  readonly uploads: readonly Upload[];
  readonly webhooks: Webhooks;
  readonly asPerson: PersonActions;
  issues(): readonly ShownIssue[];
  /** By identifier or UUID; null when there is none or it was deleted. */
  issue(reference: string): ShownIssue | null;
  /** Oldest first. */
  comments(issue: string): readonly CommentRow[];
  attachments(issue: string): readonly AttachmentRow[];
  /** Called after every write; gives back what ends the subscription. */
  onChange(listener: (change: Change) => void): () => void;
  /** Answers RATELIMITED from now on, for `seconds` or until `heal`. */
  exhaust(seconds?: number): void;
  stop(): Promise<void>;
}
