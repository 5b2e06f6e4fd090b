import { randomUUID } from "node:crypto";
import { isoTime, type Clock } from "#core/clock.ts";
import type { Incident, Ledger, Posted } from "#core/incident.ts";
import { foldEvent, type Investigation } from "#core/investigation.ts";
import { quietAfterMs } from "./quiet.ts";

/** The ledger of a process that keeps nothing: terminal runs, tests, and a bot without a store. */
export function createMemoryLedger(clock: Clock): Ledger {
  const incidents = new Map<string, Incident>();
  const investigations = new Map<string, Investigation>();
  const posted = new Map<string, Posted>();

  const change = (id: string, fields: Partial<Incident>): Incident => {
    const known = incidents.get(id);
    if (known === undefined) throw new Error(`no incident ${id}`);
    const next = { ...known, ...fields };
    incidents.set(id, next);
    return next;
  };

  const isQuiet = (incident: Incident): boolean => {
    const since = isoTime(clock.now() - quietAfterMs);
    const runs = incident.investigations.flatMap((id) => investigations.get(id) ?? []);
    return (
      incident.openedAt < since && runs.every(({ endedAt }) => endedAt !== null && endedAt < since)
    );
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
    async posted(key) {
      return posted.get(key) ?? null;
    },
    async recordPosted(row) {
      posted.set(row.key, row);
    },
  };
}
