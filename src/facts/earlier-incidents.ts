import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { earlierDays } from "#core/ports/earlier.ts";

/** What was the matter before with this model, and with others of its service, from our own record. */
export const earlierIncidents = defineFact({
  id: "earlier-incidents",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 2_000,
  rereadable: false,
  gather: ({ ports, target, now, signal }) =>
    ports.earlier.incidents(target.id, isoTime(now - earlierDays * 24 * 60 * 60_000), signal),
});
