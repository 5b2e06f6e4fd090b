/**
 * Errors that reach people: a code for programs, one sentence for people, the next step, the cause.
 * Exit codes are part of the terminal's contract (docs/output.md).
 */
export type ErrorCode =
  | "usage" // what was typed cannot be understood: exit 64
  | "configuration" // settings or files are missing or wrong: exit 78
  | "internal"; // ours: exit 70

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  usage: 64,
  configuration: 78,
  internal: 70,
};

export class HokusaiError extends Error {
  readonly code: ErrorCode;
  /** What the reader can do now, as a full sentence; absent where the message says it. */
  readonly next: string | undefined;

  constructor(code: ErrorCode, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "HokusaiError";
    this.code = code;
    this.next = options.next;
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/** The one sentence of any thrown thing, for logs and for people. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
