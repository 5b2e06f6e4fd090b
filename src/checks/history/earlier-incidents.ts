import { defineCheck, found, ok, past } from "#core/check.ts";
import type { Evidence } from "#core/finding.ts";
import { listed } from "#core/nearest.ts";
import { earlierDays, type EarlierGroup, type EarlierIncident } from "#core/ports/earlier.ts";
import { earlierIncidents as fact } from "#facts/earlier-incidents.ts";

const hourMs = 60 * 60_000;

/** "41 min", "3 hours", "12 days". */
function span(ms: number): string {
  if (ms < 1.5 * hourMs) return `${Math.max(1, Math.round(ms / 60_000))} min`;
  if (ms < 36 * hourMs) return `${Math.round(ms / hourMs)} hours`;
  return `${Math.round(ms / (24 * hourMs))} days`;
}

const endings = {
  works: (after: string) => `worked again after ${after}`,
  closed: (after: string) => `closed after ${after}`,
  quiet: (after: string) => `last looked at after ${after}`,
} as const;

const sourceOf = ({ said }: EarlierIncident): string =>
  said === null ? "by its verdict" : "people said so";

/** "redis-down (people said so), closed after 41 min, HOK-123". */
function story(incident: EarlierIncident): string {
  const { named, said, beganAt, ended, ticket } = incident;
  const causes = (said ?? named).map(({ id }) => id);
  const what = causes.length === 0 ? "a fault" : listed(causes);
  return [
    `${what} (${sourceOf(incident)})`,
    endings[ended.how](span(Date.parse(ended.at) - Date.parse(beganAt))),
    ...(ticket === null ? [] : [ticket.id]),
  ].join(", ");
}

/** "3 incidents in 90 days; the last 12 days ago: redis-down (people said so), closed after 41 min, HOK-123". */
function summary(what: string, { count, newest: [last] }: EarlierGroup, now: number): string {
  const counted = `${count} ${count === 1 ? "incident" : "incidents"}${what} in ${earlierDays} days`;
  if (last === undefined) return counted;
  const age = `${span(now - Date.parse(last.beganAt))} ago`;
  return `${counted}${count === 1 ? `, ${age}` : `; the last ${age}`}: ${story(last)}`;
}

function toEvidence(incident: EarlierIncident, own: boolean): Evidence {
  const { named, said, beganAt, model, ticket } = incident;
  const causes = said ?? named;
  const what = causes.map(({ id, claim }) => (claim === null ? id : `${id}: ${claim}`)).join("; ");
  return {
    label: `${beganAt.slice(0, 10)}${own ? "" : `, model ${model}`}`,
    seen: `${what === "" ? "a fault" : what} (${sourceOf(incident)})${ticket === null ? "" : `, ${ticket.id}`}`,
  };
}

/** That it happened before is no sign that it happens now: shown, and never weighed. */
export const earlierIncidents = defineCheck({
  id: "history/earlier-incidents",
  question: `Was something the matter with this model in the last ${earlierDays} days?`,
  needs: { earlier: fact },
  outcomes: {
    none: ok(`No incident of this model or its service is on record for ${earlierDays} days.`),
    "seen-before": past(
      ok(
        "There were incidents of this model, or of others on its service: what people said of them, else what the verdict named. Look there for what helped.",
      ),
    ),
  },
  noise: "read",
  judge({ earlier }, { now }) {
    const { own, service } = earlier;
    if (own.count + service.count === 0)
      return found("none", `no incident on record in ${earlierDays} days`, [], {
        incidents: earlier,
      });
    const evidence = [
      ...own.newest.map((incident) => toEvidence(incident, true)),
      ...service.newest.map((incident) => toEvidence(incident, false)),
    ];
    const others = " of other models on this service";
    const seen =
      own.count === 0
        ? `none of this model; ${summary(others, service, now)}`
        : `${summary("", own, now)}${service.count === 0 ? "" : `; ${service.count} more${others}`}`;
    return found("seen-before", seen, evidence, { incidents: earlier });
  },
});
