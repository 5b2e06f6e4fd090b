import type { Clock } from "#core/clock.ts";
import type { Incident, Ledger, Outbox } from "#core/incident.ts";
import type { TicketDesk, View } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import { createPace } from "#core/pace.ts";
import type { Redactor } from "#core/redact.ts";
import { contentHash, slots } from "#core/slots.ts";
import { headlineOf } from "#reports/headline.ts";
import { ticketComment, ticketMarker, toTicketText } from "#reports/linear.ts";
import type { AttachmentPayload, CommentPayload, IssuePayload } from "./effects.ts";

export interface TicketViewParts {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly onProblem: (problem: string) => void;
  /** Milliseconds between two edits of the comment while a run goes on. */
  readonly gapMs?: number;
}

/** Earlier runs of an incident that the comment's timeline lists. */
const timelineLimit = 10;

/**
 * The ticket of an incident: one comment, edited in place. A ticket is opened when a run ends with
 * a fault, or when somebody asks for one; one that was named is kept current from the start.
 */
export function createTicketView(parts: TicketViewParts): View & TicketDesk {
  const { outbox, ledger, redactor } = parts;
  const pace = createPace({
    gapMs: parts.gapMs ?? 10_000,
    now: () => parts.clock.now(),
    onProblem: parts.onProblem,
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  });

  const putIssue = async (incident: Incident, run: Investigation): Promise<void> => {
    const key = slots.issue(incident.id);
    if ((await ledger.posted(key)) !== null) return;
    const payload: IssuePayload = {
      incident: incident.id,
      named: incident.ticket,
      marker: ticketMarker(run.target.id),
      text: toTicketText(run),
    };
    await outbox.put({ key, queue: queueOf(incident), kind: "linear.issue", payload });
  };

  const putComment = async (incident: Incident, run: Investigation): Promise<void> => {
    const body = ticketComment(run, {
      incident,
      earlier: await earlierRuns(incident, run, ledger, redactor),
      thread: (await ledger.posted(slots.root(incident.id)))?.url ?? null,
    });
    const hash = contentHash(body);
    const key = slots.comment(incident.id);
    if ((await ledger.posted(key))?.hash === hash) return;
    const payload: CommentPayload = { incident: incident.id, body, hash };
    await outbox.put({
      key: `${key}/edit/${run.id}/${hash.slice(0, 16)}`,
      queue: queueOf(incident),
      kind: "linear.comment",
      payload,
      replaces: `${key}/edit`,
    });
  };

  const putAttachment = async (incident: Incident, run: Investigation): Promise<void> => {
    if (incident.channel === null) return;
    const payload: AttachmentPayload = {
      incident: incident.id,
      title: `Slack thread: model ${run.target.id}`,
      subtitle: headlineOf(run).slice(0, 250),
      metadata: {
        schemaVersion: 1,
        incident: incident.id,
        investigation: run.id,
        verdict: run.diagnosis?.verdict ?? "checking",
        leading: (run.diagnosis?.leading ?? []).join(" "),
      },
    };
    await outbox.put({
      key: `${slots.issue(incident.id)}/thread`,
      queue: queueOf(incident),
      kind: "linear.attachment",
      payload,
      replaces: `${slots.issue(incident.id)}/thread`,
    });
  };

  const showLive = async (incident: Incident, run: Investigation): Promise<void> => {
    await putIssue(incident, run);
    await putComment(incident, run);
  };

  const showAll = async (incident: Incident, run: Investigation): Promise<void> => {
    await showLive(incident, run);
    await putAttachment(incident, run);
  };

  return {
    async onEvent(incident, investigation, event) {
      if (event.type === "fact") return;
      const show = async (): Promise<void> => {
        // Read anew: a ticket may have been opened since the run began.
        const now = (await ledger.incident(incident.id)) ?? incident;
        if (!wantsTicket(now, investigation)) return;
        const run = shown(investigation, redactor);
        await (run.endedAt === null ? showLive(now, run) : showAll(now, run));
      };
      if (event.type !== "ended") {
        await pace.offer(incident.id, show);
        return;
      }
      await pace.now(incident.id, show);
      pace.forget(incident.id);
    },
    async open(incident, investigation) {
      await pace.now(incident.id, () => showAll(incident, shown(investigation, redactor)));
    },
    // What changes outside a run (the ticket's own number) is not in the comment.
    refresh: () => Promise.resolve(),
    close: () => pace.close(),
  };
}

/** With a ticket, everything; without one, only the end of a run that found a fault. */
const wantsTicket = (incident: Incident, run: Investigation): boolean =>
  incident.ticket !== null || (run.stopped === "complete" && run.diagnosis?.verdict === "fault");

const queueOf = (incident: Incident): string => `linear/${incident.id}`;

const shown = (run: Investigation, redactor: Redactor): Investigation =>
  redactor.json({ ...run, facts: {}, earlier: {} });

async function earlierRuns(
  incident: Incident,
  run: Investigation,
  ledger: Ledger,
  redactor: Redactor,
): Promise<readonly Investigation[]> {
  const ids = incident.investigations.filter((id) => id !== run.id).slice(-timelineLimit);
  const runs = await Promise.all(ids.map((id) => ledger.investigation(id)));
  return runs.flatMap((row) => (row === null ? [] : [shown(row, redactor)]));
}
