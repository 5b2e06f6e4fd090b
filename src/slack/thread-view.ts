import type { Clock } from "#core/clock.ts";
import type { Incident, Ledger, Outbox } from "#core/incident.ts";
import type { View } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import { createPace } from "#core/pace.ts";
import type { Redactor } from "#core/redact.ts";
import { contentHash, slots } from "#core/slots.ts";
import { detailMessages, mentionMessage, rootMessage, type SlackMessage } from "#reports/slack.ts";
import type { PostPayload, UpdatePayload } from "./effects.ts";

export interface ThreadViewParts {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly onProblem: (problem: string) => void;
  /** Milliseconds between two edits of a root message while a run goes on. */
  readonly gapMs?: number;
}

/**
 * The Slack thread of an incident: what it should show is computed from the run, what it shows is
 * in the ledger, and the difference goes into the outbox.
 */
export function createThreadView(parts: ThreadViewParts): View {
  const { outbox, ledger, redactor } = parts;
  const pace = createPace({
    gapMs: parts.gapMs ?? 2_000,
    now: () => parts.clock.now(),
    onProblem: parts.onProblem,
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  });

  const showRoot = async (
    incident: Incident,
    channel: string,
    run: Investigation,
  ): Promise<void> => {
    if (!isNewest(incident, run)) return;
    const key = slots.root(incident.id);
    const posted = await ledger.posted(key);
    // Read anew: a ticket may have been opened since the run began.
    const ticket = (await ledger.incident(incident.id))?.ticket ?? incident.ticket;
    const context = { incident: incident.id, ticket };
    if (posted === null || posted.ref === "") {
      await put(
        incident,
        channel,
        run,
        key,
        rootMessage(run, { ...context, nameAsker: false }),
        null,
      );
      if (isUntouched(run)) return;
    }
    const message = rootMessage(run, { ...context, nameAsker: true });
    const hash = contentHash(message);
    if (posted?.hash === hash) return;
    const payload: UpdatePayload = { channel, target: key, message, hash };
    await outbox.put({
      key: `${key}/edit/${run.id}/${hash.slice(0, 16)}`,
      queue: queueOf(incident),
      kind: "slack.update",
      payload,
      replaces: `${key}/edit`,
    });
  };

  const put = (
    incident: Incident,
    channel: string,
    run: Investigation,
    key: string,
    message: SlackMessage,
    threadOf: string | null,
  ): Promise<void> => {
    const payload: PostPayload = {
      channel,
      threadOf,
      threadTs: null,
      message,
      hash: contentHash(message),
      since: Date.parse(run.startedAt) / 1000 - 60,
      linked: threadOf === null,
    };
    return outbox.put({ key, queue: queueOf(incident), kind: "slack.post", payload });
  };

  const conclude = async (
    incident: Incident,
    channel: string,
    run: Investigation,
  ): Promise<void> => {
    const root = slots.root(incident.id);
    await put(
      incident,
      channel,
      run,
      slots.mention(incident.id, run.id),
      mentionMessage(run, { incident: incident.id, given: [] }),
      root,
    );
    for (const [index, message] of detailMessages(run).entries()) {
      await put(
        incident,
        channel,
        run,
        slots.detail(incident.id, run.id, index + 1),
        message,
        root,
      );
    }
  };

  return {
    async onEvent(incident, investigation, event) {
      const { channel } = incident;
      if (channel === null || event.type === "fact") return;
      // Not before it is really written: most of these are held back, and a run is long.
      const show = (): Promise<void> => showRoot(incident, channel, shown(investigation, redactor));
      if (event.type === "finding" || event.type === "not-run") {
        await pace.offer(incident.id, show);
        return;
      }
      await pace.now(incident.id, show);
      if (event.type !== "ended") return;
      pace.forget(incident.id);
      await conclude(incident, channel, shown(investigation, redactor));
    },
    async refresh(incident) {
      const newest = incident.investigations.at(-1);
      const run = newest === undefined ? null : await ledger.investigation(newest);
      if (run === null || incident.channel === null) return;
      await pace.now(incident.id, () =>
        showRoot(incident, incident.channel ?? "", shown(run, redactor)),
      );
    },
    close: () => pace.close(),
  };
}

export const queueOf = (incident: Incident): string => `slack/${incident.id}`;

const isUntouched = (run: Investigation): boolean =>
  run.findings.length + run.notRun.length === 0 && run.diagnosis === null && run.endedAt === null;

/** Redacted once more on the way out, without the facts: they are not shown and may be large. */
export const shown = (run: Investigation, redactor: Redactor): Investigation =>
  redactor.json({ ...run, facts: {}, earlier: {} });

/** Of two runs in one incident the later one has the root message; both get their replies. */
const isNewest = (incident: Incident, run: Investigation): boolean =>
  !incident.investigations.includes(run.id) || incident.investigations.at(-1) === run.id;
