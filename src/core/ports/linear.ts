/** What the ticket view may ask of Linear. Written beside src/clients/linear.ts, which implements it. */
export interface Ticket {
  /** UUID: webhooks carry it, and an identifier changes when an issue moves to another team. */
  readonly id: string;
  /** "HOK-123". */
  readonly identifier: string;
  readonly url: string;
}

export interface NewTicket {
  /** UUID v4 of ours: the same create twice is one ticket. */
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** 1 urgent to 4 low. */
  readonly priority: number;
  /** Team key ("HOK"); null: the first team. */
  readonly team: string | null;
}

export interface NewAttachment {
  readonly issueId: string;
  /** With the issue, what it is known by: the same URL again changes the one that is there. */
  readonly url: string;
  readonly title: string;
  readonly subtitle: string;
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** Every method throws RetryLater (busy, out of reach, answer lost) or LinearRefused (for good). */
export interface LinearApi {
  /** By UUID or identifier; null where there is none. */
  ticket(reference: string): Promise<Ticket | null>;
  /** The newest open ticket of our own whose description holds this text. */
  openTicketWith(text: string): Promise<Ticket | null>;
  createTicket(ticket: NewTicket): Promise<Ticket>;
  createComment(comment: {
    readonly id: string;
    readonly issueId: string;
    readonly body: string;
  }): Promise<"created" | "exists">;
  updateComment(id: string, body: string): Promise<"updated" | "gone">;
  attach(attachment: NewAttachment): Promise<void>;
}

/** `code` is Linear's `extensions.code`, or "HTTP 403" where it sent none. */
export class LinearRefused extends Error {
  readonly code: string;

  constructor(operation: string, code: string, detail: string, cause?: unknown) {
    super(`Linear refused ${operation}: ${code}, ${detail}`, { cause });
    this.name = "LinearRefused";
    this.code = code;
  }
}
