import { randomUUID } from "node:crypto";
import { isoTime, type Clock } from "#core/clock.ts";
import { repeats, type Feedback } from "#core/feedback.ts";
import type { Incident, Ledger, Posted } from "#core/incident.ts";
import type { SeenStoppedTask } from "#core/ports/earlier.ts";
import { foldEvent, type Investigation } from "#core/investigation.ts";
import { slots } from "#core/slots.ts";
import { chooseEarlier, toEarlierIncidents, type Described } from "./earlier-incidents.ts";
import { quietAfterMs } from "./quiet.ts";
import { stoppedTasksIn } from "./stopped-tasks.ts";

/** The ledger of a process that keeps nothing: terminal runs, tests, and a bot without a store. */
export function createMemoryLedger(clock: Clock): Ledger {
  const incidents = new Map<string, Incident>();
  const investigations = new Map<string, Investigation>();
  const posted = new Map<string, Posted>();
  const feedback: Feedback[] = [];
  const stopped = new Map<string, SeenStoppedTask & { readonly service: string }>();

  const change = (id: string, fields: Partial<Incident>): Incident => {
    const known = incidents.get(id);
    if (known === undefined) throw new Error(`no incident ${id}`);
    const next = { ...known, ...fields };
    incidents.set(id, next);
    return next;
  };

  /** Oldest first. */
  const runsOf = (incident: Incident): readonly Investigation[] =>
    incident.investigations
      .flatMap((id) => investigations.get(id) ?? [])
      .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const isQuiet = (incident: Incident): boolean => {
    const since = isoTime(clock.now() - quietAfterMs);
    return (
      incident.openedAt < since &&
      runsOf(incident).every(({ endedAt }) => endedAt !== null && endedAt < since)
    );
  };
  const wordsOf = (id: string): readonly Feedback[] =>
    feedback.filter(({ investigation }) => investigation === id);
  const describe = (incident: Incident, chosen: string): Described | null => {
    const runs = runsOf(incident);
    const run = investigations.get(chosen);
    const newest = runs.findLast(({ target }) => target.id === run?.target.id);
    if (run === undefined || newest === undefined) return null;
    const lookedAt = runs.map(({ startedAt, endedAt }) => endedAt ?? startedAt).toSorted();
    return {
      beganAt: runs[0]?.startedAt ?? incident.openedAt,
      closedAt: incident.closedAt,
      lookedAt: lookedAt.at(-1) ?? incident.openedAt,
      newest: {
        id: newest.id,
        verdict: newest.diagnosis?.verdict ?? null,
        at: newest.endedAt ?? newest.startedAt,
      },
      channel: incident.channel,
      ticket:
        incident.ticket === null
          ? null
          : { id: incident.ticket, url: posted.get(slots.issue(incident.id))?.url ?? null },
      thread: posted.get(slots.root(incident.id))?.url ?? null,
      diagnosis: run.diagnosis,
    };
  };

  return {
    async openIncident(service, channel) {
      const open = [...incidents.values()].find(
        (row) => row.service === service && row.channel === channel && row.closedAt === null,
      );
      if (open !== undefined && !isQuiet(open)) return open;
      if (open !== undefined) change(open.id, { closedAt: isoTime(clock.now()) });
      const incident: Incident = {
        id: randomUUID(),
        service,
        openedAt: isoTime(clock.now()),
        closedAt: null,
        channel,
        ticket: null,
        investigations: [],
        lead: null,
        mergedInto: null,
      };
      incidents.set(incident.id, incident);
      return incident;
    },
    async incident(id) {
      return incidents.get(id) ?? null;
    },
    async amendIncident(id, fields) {
      return change(id, fields);
    },
    async append(incident, id, event) {
      investigations.set(id, foldEvent(investigations.get(id) ?? null, event));
      const known = incidents.get(incident)?.investigations ?? [];
      if (!known.includes(id)) change(incident, { investigations: [...known, id] });
      const service = incidents.get(incident)?.service ?? "";
      for (const task of stoppedTasksIn(event)) {
        const firstSeen = stopped.get(task.arn)?.firstSeen ?? event.at;
        stopped.set(task.arn, { service, task, firstSeen, lastSeen: event.at });
      }
    },
    async investigation(id) {
      return investigations.get(id) ?? null;
    },
    async newestInvestigation(model) {
      return (
        [...investigations.values()]
          .filter(
            (run) => run.target.id === model && (run.diagnosis !== null || run.endedAt === null),
          )
          .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
          .at(-1) ?? null
      );
    },
    async newestResult(model) {
      return (
        [...investigations.values()]
          .filter((run) => run.target.id === model && run.diagnosis !== null)
          .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
          .at(-1) ?? null
      );
    },
    async earlierIncidents(query) {
      const over = [...incidents.values()].filter(
        (row) => row.id !== query.incident && (row.closedAt !== null || isQuiet(row)),
      );
      const runs = over.flatMap((row) =>
        runsOf(row)
          .filter(({ startedAt }) => startedAt >= query.since)
          .filter(() => row.service === query.service || runsOf(row).some(isOf(query.model)))
          .map((run) => ({
            id: run.id,
            incident: row.id,
            model: run.target.id,
            startedAt: run.startedAt,
            verdict: run.diagnosis?.verdict ?? null,
            words: wordsOf(run.id),
          })),
      );
      const choice = chooseEarlier(
        runs.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)),
        query.model,
      );
      const described = choice.chosen.flatMap(({ run }) => {
        const incident = incidents.get(run.incident);
        const known = incident === undefined ? null : describe(incident, run.id);
        return known === null ? [] : [[run.incident, known] as const];
      });
      return toEarlierIncidents(choice, new Map(described), query);
    },
    async stoppedTasks(service, since) {
      return [...stopped.values()]
        .filter((row) => row.service === service && row.lastSeen >= since)
        .map(({ task, firstSeen, lastSeen }) => ({ task, firstSeen, lastSeen }))
        .toSorted((a, b) => (b.task.stoppedAt ?? "").localeCompare(a.task.stoppedAt ?? ""));
    },
    async giveFeedback(given) {
      if (!investigations.has(given.investigation))
        throw new Error(`no investigation ${given.investigation}`);
      if (!repeats(given, wordsOf(given.investigation).at(-1))) feedback.push(given);
    },
    async feedback(id) {
      return wordsOf(id);
    },
    async investigationsWithFeedback() {
      const ids = new Set(feedback.map(({ investigation }) => investigation));
      return [...investigations.values()]
        .filter(({ id }) => ids.has(id))
        .toSorted((a, b) => (a.endedAt ?? "").localeCompare(b.endedAt ?? ""))
        .map(({ id }) => id);
    },
    async posted(key) {
      return posted.get(key) ?? null;
    },
    async recordPosted(row) {
      posted.set(row.key, row);
    },
  };
}

const isOf =
  (model: string) =>
  ({ target }: Investigation): boolean =>
    target.id === model;
