import type { IncomingMessage, ServerResponse } from "node:http";
import { createFailurePlan } from "../failures.ts";
import { listenOnLoopback, readBody } from "../loopback.ts";
import { createEndpoint } from "./endpoint.ts";
import { createPerson } from "./person.ts";
import { issueBy } from "./queries.ts";
import { API_KEY_ALLOWANCE, createRateLimit } from "./rate-limit.ts";
import type { IssueRow, Rows } from "./rows.ts";
import { linearSchema } from "./schema.ts";
import { seed } from "./seed.ts";
import { createStore } from "./store.ts";
import type { Store } from "./store.ts";
import { createUploads } from "./uploads.ts";
import { createViews, issueUrl } from "./views.ts";
import { createWebhooks } from "./webhooks.ts";
import type { LinearOptions, LinearWorld, ShownIssue } from "./world.ts";

export type { LinearOptions, LinearWorld } from "./world.ts";

const SECRETS = {
  apiKey: "lin_api_sandbox0key0",
  accessToken: "lin_oauth_sandbox0token0",
} as const;
const WEBHOOK_SECRET = "lin_wh_sandbox0secret0";

/** Linear on 127.0.0.1: the whole schema, with what incident tickets need kept as state behind it. */
export async function startLinear(options: LinearOptions = {}): Promise<LinearWorld> {
  const now = options.now ?? Date.now;
  const store = createStore(now);
  const { teamId, keyOwnerId, appId, personId } = seed(
    store,
    options.teamKey ?? "HOK",
    options.firstNumber ?? 123,
  );
  const firstChange = store.changes.length;
  const webhooks = createWebhooks(store, WEBHOOK_SECRET, now);
  const failures = createFailurePlan();
  const stopping = new AbortController();
  const newLimit = () => createRateLimit(options.allowance ?? API_KEY_ALLOWANCE, now);
  let limit = newLimit();
  const uploads = createUploads(() => loopback.origin);
  const limits = { commentsPerIssue: options.commentsPerIssue ?? 2_000 };
  const endpoint = createEndpoint({
    schema: linearSchema(),
    failures,
    limit: () => limit,
    viewerOf: (authorization) => {
      if (authorization === SECRETS.apiKey) return keyOwnerId;
      return authorization === `Bearer ${SECRETS.accessToken}` ? appId : null;
    },
    contextOf: (viewerId) => {
      const writer = { userId: viewerId, byPerson: false };
      return { store, views: createViews(store, viewerId), viewerId, writer, uploads, limits, now };
    },
    stopping: stopping.signal,
    now,
  });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const { pathname } = new URL(request.url ?? "/", loopback.origin);
    if (request.method === "POST" && pathname === "/graphql") {
      await endpoint.serve(request, response, body);
    } else if (request.method === "PUT" && pathname.startsWith("/uploads/")) {
      response.writeHead(uploads.take(pathname, request.headers, body)).end();
    } else response.writeHead(404).end();
  };
  const loopback = await listenOnLoopback((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  }, options.port);

  const shown = (row: IssueRow): ShownIssue => ({
    ...row,
    url: issueUrl(row),
    state: store.get("WorkflowState", row.stateId),
    labels: row.labelIds.map((id) => store.get("IssueLabel", id).name),
    comments: belonging(store, "Comment", row.id),
    attachments: belonging(store, "Attachment", row.id),
  });

  return {
    url: `${loopback.origin}/graphql`,
    ...SECRETS,
    webhookSecret: WEBHOOK_SECRET,
    ids: { team: teamId, keyOwner: keyOwnerId, app: appId, person: personId },
    calls: endpoint.calls,
    get changes() {
      return store.changes.slice(firstChange);
    },
    get uploads() {
      return uploads.files;
    },
    webhooks,
    asPerson: createPerson(store, teamId, { userId: personId, byPerson: true }),
    issues: () => store.all("Issue").map(shown),
    issue: (reference) => {
      const row = store
        .all("Issue")
        .find(({ id, identifier }) => id === reference || identifier === reference);
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
      limit = newLimit();
    },
    stop: async () => {
      webhooks.connect(null);
      stopping.abort();
      await webhooks.settled();
      await loopback.stop();
    },
  };
}

const belonging = <E extends "Comment" | "Attachment">(
  store: Store,
  entity: E,
  issueId: string,
): readonly Rows[E][] => store.all(entity).filter((row) => row.issueId === issueId);
