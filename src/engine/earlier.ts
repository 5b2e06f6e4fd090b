import type { Incident, Ledger } from "#core/incident.ts";
import type { EarlierPort } from "#core/ports/earlier.ts";

/** What the ledger holds, as the facts of a run in this incident may ask for it. */
export const earlierIn = (
  ledger: Ledger,
  { id, service, openedAt, channel }: Incident,
): EarlierPort => ({
  // Nothing from before the incident began: what stopped then is not why something fails now.
  stoppedTasks: (since) => ledger.stoppedTasks(service, since > openedAt ? since : openedAt),
  incidents: (model, since) =>
    ledger.earlierIncidents({ model, service, incident: id, channel, since }),
});
