import type { Store, Writer } from "./store.ts";
import type { Uploads } from "./uploads.ts";
import type { Views } from "./views.ts";

/** What every resolver is handed: who asks, and the sandbox's state. */
export interface Context {
  readonly store: Store;
  readonly views: Views;
  readonly viewerId: string;
  readonly writer: Writer;
  readonly uploads: Uploads;
  readonly limits: { readonly commentsPerIssue: number };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type Resolver = (args: never, context: Context) => unknown;
