import { createHmac, randomUUID } from "node:crypto";
import type { IssueRow } from "./rows.ts";
import type { Change, Store } from "./store.ts";
import { commentUrl, issueUrl, WORKSPACE } from "./views.ts";

/** One delivery as it went out. Sending it again sends the same bytes, as Linear's retries do. */
export interface Delivery {
  /** The Linear-Delivery header. */
  readonly id: string;
  readonly change: Change;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP status; null when there was no answer within 5 s. */
  readonly status: number | null;
  readonly tookMs: number;
}

export interface Webhooks {
  readonly secret: string;
  readonly deliveries: readonly Delivery[];
  /** Sends every later change to this URL, in order; null stops it. */
  connect(url: string | null): void;
  /** Sends one change, the newest when none is given, now. */
  deliver(url: string, change?: Change): Promise<Delivery>;
  redeliver(url: string, delivery: Delivery): Promise<Delivery>;
  /** Resolves when everything on its way has been answered. */
  settled(): Promise<void>;
}

const ANSWER_WITHIN_MS = 5_000;

export function createWebhooks(store: Store, secret: string, now: () => number): Webhooks {
  const deliveries: Delivery[] = [];
  let target: string | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const send = async (
    url: string,
    delivery: Omit<Delivery, "status" | "tookMs">,
  ): Promise<Delivery> => {
    const startedAt = performance.now();
    let status: number | null = null;
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: delivery.body,
        headers: { ...delivery.headers, connection: "close" },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.arrayBuffer();
      status = answer.status;
    } catch {
      // No answer: the status stays null, and it is up to the caller to send it again.
    }
    const sent = { ...delivery, status, tookMs: performance.now() - startedAt };
    deliveries.push(sent);
    return sent;
  };
  const toDelivery = (change: Change): Omit<Delivery, "status" | "tookMs"> => {
    const id = randomUUID();
    const body = JSON.stringify(payloadOf(store, change, now()));
    return { id, change, body, headers: headersOf(id, change, body, secret) };
  };
  store.onChange((change) => {
    const url = target;
    if (url === null) return;
    // Built at once: the payload shows the state at the time of the change.
    const delivery = toDelivery(change);
    queue = queue.then(() => send(url, delivery));
  });

  return {
    secret,
    deliveries,
    connect: (url) => {
      target = url;
    },
    deliver(url, change = store.changes.at(-1)) {
      if (change === undefined)
        throw new Error("nothing has changed yet: there is nothing to deliver");
      return send(url, toDelivery(change));
    },
    redeliver: (url, { id, change, body, headers }) => send(url, { id, change, body, headers }),
    settled: async () => {
      await queue;
    },
  };
}

const headersOf = (
  id: string,
  change: Change,
  body: string,
  secret: string,
): Record<string, string> => ({
  "content-type": "application/json; charset=utf-8",
  "user-agent": "Linear-Webhook",
  "linear-delivery": id,
  "linear-event": change.entity,
  "linear-signature": createHmac("sha256", secret).update(body).digest("hex"),
});

function payloadOf(store: Store, change: Change, timestamp: number): object {
  const actor = store.get("User", change.actor);
  return {
    action: change.action,
    type: change.entity,
    createdAt: change.at,
    organizationId: WORKSPACE.id,
    webhookId: "9d0d9b1e-6ab7-4f7e-8a53-0f1f4c1a2b3c",
    webhookTimestamp: timestamp,
    actor: {
      id: actor.id,
      type: actor.app ? "oauthClient" : "user",
      name: actor.name,
      email: actor.email,
    },
    ...detailsOf(store, change),
    ...(change.before === null ? {} : { updatedFrom: change.before }),
  };
}

function detailsOf(store: Store, change: Change): object {
  const row = change.after as { readonly issueId?: string; readonly userId?: string };
  const issueId = change.entity === "Issue" ? change.id : row.issueId;
  const issue = issueId === undefined ? null : store.find("Issue", issueId);
  if (issue === null) return { data: change.after, url: `https://linear.app/${WORKSPACE.urlKey}` };
  const team = store.get("Team", issue.teamId);
  const teamShown = { id: team.id, key: team.key, name: team.name };
  if (change.entity === "Issue") {
    const after = change.after as IssueRow;
    const { id, name, color, type } = store.get("WorkflowState", after.stateId);
    const labels = after.labelIds.map((label) => store.get("IssueLabel", label));
    const shown = labels.map((label) => ({ id: label.id, name: label.name, color: label.color }));
    return {
      data: {
        ...after,
        url: issueUrl(after),
        state: { id, name, color, type },
        team: teamShown,
        labels: shown,
      },
      url: issueUrl(after),
    };
  }
  const user = row.userId === undefined ? null : store.get("User", row.userId);
  const comment = change.entity === "Comment" ? store.find("Comment", change.id) : null;
  return {
    data: {
      ...change.after,
      issue: {
        id: issue.id,
        identifier: issue.identifier,
        title: issue.title,
        url: issueUrl(issue),
        teamId: team.id,
        team: teamShown,
      },
      ...(user === null ? {} : { user: { id: user.id, name: user.name, email: user.email } }),
    },
    url: comment === null ? issueUrl(issue) : commentUrl(issue, comment),
  };
}
