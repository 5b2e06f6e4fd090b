import type { Arrivals } from "#core/arrivals.ts";
import {
  RetryLater,
  type Effect,
  type EffectHandler,
  type Incident,
  type Ledger,
  type Posted,
} from "#core/incident.ts";
import { LinearRefused, type LinearApi, type Ticket } from "#core/ports/linear.ts";
import { contentHash, slots, uuidOf } from "#core/slots.ts";
import type { TicketText } from "#reports/linear.ts";

export interface IssuePayload {
  readonly incident: string;
  /** "HOK-123" where somebody named one; null: find ours, or open one. */
  readonly named: string | null;
  /** The line by which an open ticket of ours for this model is found. */
  readonly marker: string;
  readonly text: TicketText;
}

export interface CommentPayload {
  readonly incident: string;
  readonly body: string;
  readonly hash: string;
}

export interface AttachmentPayload {
  readonly incident: string;
  readonly title: string;
  readonly subtitle: string;
  readonly metadata: Readonly<Record<string, string | number>>;
}

export interface LinearEffectParts {
  readonly linear: LinearApi;
  readonly ledger: Pick<Ledger, "posted" | "recordPosted" | "incident" | "amendIncident">;
  readonly arrivals: Arrivals;
  /** Team key in which tickets are opened; null: the first team. */
  readonly team: string | null;
  /** The incident has a ticket now: other views show it. */
  readonly onTicket: (incident: Incident) => Promise<void>;
}

/** Sends "linear.issue", "linear.comment" and "linear.attachment", in one queue for each incident. */
export const createLinearEffects = (parts: LinearEffectParts): ReadonlyMap<string, EffectHandler> =>
  new Map([
    ["linear.issue", (effect: Effect) => issue(effect, effect.payload as IssuePayload, parts)],
    ["linear.comment", (effect: Effect) => comment(effect.payload as CommentPayload, parts)],
    [
      "linear.attachment",
      (effect: Effect) => attachment(effect, effect.payload as AttachmentPayload, parts),
    ],
  ]);

async function issue(
  effect: Effect,
  payload: IssuePayload,
  parts: LinearEffectParts,
): Promise<void> {
  const { ledger, arrivals } = parts;
  const known = await ledger.posted(effect.key);
  let row: Posted | null = known;
  if (row === null) {
    const ticket = await findOrOpen(effect.key, payload, parts).catch((error: unknown) => {
      if (error instanceof LinearRefused) arrivals.refused(effect.key, error.code);
      throw error;
    });
    row = { key: effect.key, ref: ticket.id, hash: contentHash(payload.text), url: ticket.url };
    const incident = await ledger.amendIncident(payload.incident, { ticket: ticket.identifier });
    await ledger.recordPosted(row);
    await parts.onTicket(incident);
  }
  arrivals.arrived(row);
}

/** A named one has to exist; one of ours that is still open is used again; else a new one. */
async function findOrOpen(
  key: string,
  payload: IssuePayload,
  { linear, team }: LinearEffectParts,
): Promise<Ticket> {
  if (payload.named !== null) {
    const named = await linear.ticket(payload.named);
    if (named === null)
      throw new LinearRefused("HokusaiTicket", "NOT_FOUND", `there is no ticket ${payload.named}`);
    return named;
  }
  const open = await linear.openTicketWith(payload.marker);
  return open ?? linear.createTicket({ id: uuidOf(key), team, ...payload.text });
}

/** People may delete the comment; it is written again under the next id, this often at most. */
const generationLimit = 20;

/** By the ticket, not the incident: a ticket has one comment of ours, whatever became of the record. */
const commentId = (issueId: string, generation: number): string =>
  uuidOf(`${issueId}/comment/${generation}`);

/** Creates or edits the one comment. What was sent is trusted, not what is read back. */
async function comment(
  payload: CommentPayload,
  { linear, ledger }: LinearEffectParts,
): Promise<void> {
  const key = slots.comment(payload.incident);
  const issueId = await issueOf(payload.incident, ledger);
  const row = await ledger.posted(key);
  if (row?.hash === payload.hash) return;
  for (
    let generation = generationOf(issueId, row);
    generation <= generationLimit;
    generation += 1
  ) {
    const id = commentId(issueId, generation);
    const made =
      row?.ref === id ? "exists" : await linear.createComment({ id, issueId, body: payload.body });
    const written = made === "created" ? "updated" : await linear.updateComment(id, payload.body);
    if (written === "updated") {
      await ledger.recordPosted({ key, ref: id, hash: payload.hash, url: null });
      return;
    }
  }
  throw new LinearRefused("HokusaiCreateComment", "DELETED", "the comment was deleted too often");
}

function generationOf(issueId: string, row: Posted | null): number {
  for (let generation = 1; generation <= generationLimit; generation += 1) {
    if (row?.ref === commentId(issueId, generation)) return generation;
  }
  return 1;
}

async function issueOf(incident: string, ledger: LinearEffectParts["ledger"]): Promise<string> {
  const row = await ledger.posted(slots.issue(incident));
  if (row === null) throw new Error(`the incident's ticket could not be opened: ${incident}`);
  return row.ref;
}

/** The Slack thread on the ticket, once the thread has a link. */
async function attachment(
  effect: Effect,
  payload: AttachmentPayload,
  { linear, ledger }: LinearEffectParts,
): Promise<void> {
  const hash = contentHash(payload);
  const known = await ledger.posted(effect.key);
  if (known?.hash === hash) return;
  const issueId = await issueOf(payload.incident, ledger);
  const root = await ledger.posted(slots.root(payload.incident));
  const incident = await ledger.incident(payload.incident);
  if (incident === null || incident.channel === null) return;
  if (root === null || root.url === null)
    throw new RetryLater("the Slack thread has no link yet", 1_000);
  const { title, subtitle, metadata } = payload;
  await linear.attach({ issueId, url: root.url, title, subtitle, metadata });
  await ledger.recordPosted({ key: effect.key, ref: root.url, hash, url: root.url });
}
