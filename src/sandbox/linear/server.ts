import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { createFailurePlan } from "../failures.ts";
import type { Failure, Failures } from "../failures.ts";
import { listenOnLoopback, readBody } from "../loopback.ts";
import { complexityOf, LARGEST_QUERY } from "./complexity.ts";
import type { Context } from "./context.ts";
import { invalid, linearError } from "./errors.ts";
import type { LinearErrorCode } from "./errors.ts";
import { carryOut, readOperation, toAnswered } from "./execute.ts";
import type { GraphqlAnswer, Operation } from "./execute.ts";
import { createPerson } from "./person.ts";
import type { PersonActions } from "./person.ts";
import { issueBy } from "./queries.ts";
import { API_KEY_ALLOWANCE, createRateLimit } from "./rate-limit.ts";
import type { Allowance } from "./rate-limit.ts";
import type { AttachmentRow, CommentRow, IssueRow, Rows, StateRow } from "./rows.ts";
import { linearSchema } from "./schema.ts";
import { seed } from "./seed.ts";
import { createStore } from "./store.ts";
import type { Change, Store } from "./store.ts";
import { createUploads } from "./uploads.ts";
import type { Upload } from "./uploads.ts";
import { createViews, issueUrl } from "./views.ts";
import { createWebhooks } from "./webhooks.ts";
import type { Webhooks } from "./webhooks.ts";

export type { Change, Failure, PersonActions };
export type { AttachmentRow, CommentRow, IssueRow, StateRow } from "./rows.ts";
export type { Delivery, Webhooks } from "./webhooks.ts";

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

/** One request to /graphql, as it came in. */
export interface LinearCall {
  /** ISO 8601 */
  readonly at: string;
  readonly operation: string | null;
  readonly fields: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly complexity: number;
  /** HTTP status; null when the answer was lost or the connection cut. */
  readonly status: number | null;
  /** `extensions.code` of the first error. */
  readonly error: string | null;
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
  readonly ids: { readonly team: string; readonly keyOwner: string; readonly app: string; readonly person: string };
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

/** Linear on 127.0.0.1: the whole schema, with what incident tickets need kept as state behind it. */
export async function startLinear(options: LinearOptions = {}): Promise<LinearWorld> {
  const now = options.now ?? Date.now;
  const schema = linearSchema();
  const store = createStore(now);
  const seeded = seed(store, options.teamKey ?? "HOK", options.firstNumber ?? 123);
  const secrets = { apiKey: "lin_api_sandbox0key0", accessToken: "lin_oauth_sandbox0token0" };
  const webhooks = createWebhooks(store, "lin_wh_sandbox0secret0", now);
  const failures = createFailurePlan();
  const calls: LinearCall[] = [];
  let limit = createRateLimit(options.allowance ?? API_KEY_ALLOWANCE, now);
  const stopping = new AbortController();
  const loopback = await listenOnLoopback((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  }, options.port);
  const uploads = createUploads(() => loopback.origin);
  const firstChange = store.changes.length;

  const viewerOf = (request: IncomingMessage): string | null => {
    if (request.headers.authorization === secrets.apiKey) return seeded.keyOwnerId;
    return request.headers.authorization === `Bearer ${secrets.accessToken}` ? seeded.appId : null;
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = new URL(request.url ?? "/", loopback.origin).pathname;
    if (request.method === "PUT" && path.startsWith("/uploads/")) {
      response.writeHead(uploads.take(path, request.headers, body)).end();
      return;
    }
    if (request.method !== "POST" || path !== "/graphql") {
      response.writeHead(404).end();
      return;
    }
    await serveGraphql(request, response, body);
  }

  async function serveGraphql(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const at = new Date(now()).toISOString();
    let operation: Operation | null = null;
    let complexity = 0;
    const answer = (status: number, content: GraphqlAnswer, headers: Record<string, string> = {}): void => {
      const lost = operation !== null && failures.takeLostAnswer(operation.names);
      note(lost ? null : status, content);
      if (lost) response.destroy();
      else {
        const all = { "content-type": "application/json", ...limit.headers(complexity), ...headers };
        response.writeHead(status, all).end(JSON.stringify(content));
      }
    };
    const note = (status: number | null, content: GraphqlAnswer): void => {
      const first = content.errors?.[0] as { readonly extensions?: { readonly code?: string } } | undefined;
      calls.push({
        at,
        operation: operation?.definition.name?.value ?? null,
        fields: operation?.names.slice(0, operation.definition.selectionSet.selections.length) ?? [],
        variables: operation?.variables ?? {},
        complexity,
        status,
        error: first?.extensions?.code ?? null,
      });
    };
    const refuse = (status: number, code: LinearErrorCode, message: string, headers?: Record<string, string>): void =>
      answer(status, { errors: [toAnswered(linearError(code, message))] }, headers);

    const viewerId = viewerOf(request);
    if (viewerId === null) {
      if (request.headers.authorization?.startsWith("Bearer lin_api_") === true) {
        return refuse(400, "AUTHENTICATION_ERROR", "an API key goes without the word Bearer");
      }
      return refuse(401, "AUTHENTICATION_ERROR", "Authentication required, not authenticated");
    }
    const read = readOperation(schema, parseJson(body));
    if (!("document" in read)) return answer(400, { errors: read.map(toAnswered) });
    operation = read;
    complexity = complexityOf(schema, operation.document, operation.definition, operation.variables);

    const failure = failures.take(operation.names);
    if (failure !== undefined) {
      if (typeof failure === "string") {
        if (failure === "RATELIMITED") return answer(400, rateLimited());
        return refuse(failure === "INTERNAL_SERVER_ERROR" ? 500 : 200, failure as LinearErrorCode, `planned: ${failure}`);
      }
      if ("reset" in failure) {
        note(null, {});
        response.destroy();
        return;
      }
      if ("http" in failure) {
        note(failure.http, {});
        const retry = failure.retryAfterSeconds;
        response.writeHead(failure.http, retry === undefined ? {} : { "retry-after": String(retry) });
        response.end("planned by the sandbox");
        return;
      }
      await wait(failure.delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    if (complexity > LARGEST_QUERY) {
      return answer(400, { errors: [toAnswered(invalid(`Query too complex: ${complexity} of ${LARGEST_QUERY}`))] });
    }
    if (!limit.spend(complexity)) return answer(400, rateLimited());
    const context: Context = {
      store,
      views: createViews(store, viewerId),
      viewerId,
      writer: { userId: viewerId, byPerson: false },
      uploads,
      limits: { commentsPerIssue: options.commentsPerIssue ?? 2_000 },
      now,
    };
    answer(200, await carryOut(schema, operation, context));
  }

  const shown = (row: IssueRow): ShownIssue => ({
    ...row,
    url: issueUrl(row),
    state: store.get("WorkflowState", row.stateId),
    labels: row.labelIds.map((id) => store.get("IssueLabel", id).name),
    comments: belonging(store, "Comment", row.id),
    attachments: belonging(store, "Attachment", row.id),
  });
  const find = (reference: string): IssueRow | undefined =>
    store.all("Issue").find(({ id, identifier }) => id === reference || identifier === reference);

  return {
    url: `${loopback.origin}/graphql`,
    ...secrets,
    webhookSecret: webhooks.secret,
    ids: { team: seeded.teamId, keyOwner: seeded.keyOwnerId, app: seeded.appId, person: seeded.personId },
    calls,
    get changes() {
      return store.changes.slice(firstChange);
    },
    get uploads() {
      return uploads.files;
    },
    webhooks,
    asPerson: createPerson(store, seeded.teamId, { userId: seeded.personId, byPerson: true }),
    issues: () => store.all("Issue").map(shown),
    issue: (reference) => {
      const row = find(reference);
      return row === undefined ? null : shown(row);
    },
    comments: (issue) => belonging(store, "Comment", issueBy(store, issue).id),
    attachments: (issue) => belonging(store, "Attachment", issueBy(store, issue).id),
    onChange: (listener) => store.onChange(listener),
    exhaust: (seconds) => limit.exhaust(seconds),
    fail: failures.fail,
    loseAnswer: failures.loseAnswer,
    heal: () => {
      failures.heal();
      limit = createRateLimit(options.allowance ?? API_KEY_ALLOWANCE, now);
    },
    stop: async () => {
      webhooks.connect(null);
      stopping.abort();
      await webhooks.settled();
      await loopback.stop();
    },
  };
}

/** As documented: a code and no type. */
const rateLimited = (): GraphqlAnswer => ({
  errors: [{ message: "Rate limit exceeded", extensions: { code: "RATELIMITED" } }],
});

function belonging<E extends "Comment" | "Attachment">(store: Store, entity: E, issueId: string): readonly Rows[E][] {
  return store.all(entity).filter((row) => row.issueId === issueId);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
