import { expect, it } from "vitest";
import { earlierIncidents } from "#checks/history/earlier-incidents.ts";
import type { EarlierGroup, EarlierIncident } from "#core/ports/earlier.ts";
import { now, target } from "../samples.ts";

const day = 86_400_000;
const at = (daysAgo: number, minutes = 0): string =>
  new Date(now - daysAgo * day + minutes * 60_000).toISOString();
const cause = (id: string) => ({ id, claim: `Claim of ${id}` });

const incident = (daysAgo: number, change: Partial<EarlierIncident> = {}): EarlierIncident => ({
  id: `incident-${daysAgo}`,
  model: "21",
  beganAt: at(daysAgo),
  ended: { how: "closed", at: at(daysAgo, 41) },
  named: [cause("redis-down")],
  said: null,
  note: null,
  ticket: null,
  thread: null,
  ...change,
});
const group = (...newest: readonly EarlierIncident[]): EarlierGroup => ({
  count: newest.length,
  newest,
});
const judge = (own: EarlierGroup, service: EarlierGroup = group()) => {
  const judged = earlierIncidents.judge(
    { earlier: { own, service } },
    { target, reported: null, now },
  );
  if (!("outcome" in judged)) throw new Error("it can always tell");
  return judged;
};

it.each([
  ["nothing", group(), group(), "none", "no incident on record in 90 days"],
  [
    "one, as its verdict named it",
    group(incident(12)),
    group(),
    "seen-before",
    "1 incident in 90 days, 12 days ago: redis-down (by its verdict), closed after 41 min",
  ],
  [
    "several, with what people said and a ticket",
    {
      count: 3,
      newest: [
        incident(12, { said: [cause("overload")], ticket: { id: "HOK-123", url: null } }),
        incident(30),
      ],
    },
    group(),
    "seen-before",
    "3 incidents in 90 days; the last 12 days ago: overload (people said so), closed after 41 min, HOK-123",
  ],
  [
    "one that worked again, beside one of another model",
    group(incident(2, { ended: { how: "works", at: at(2, 300) } })),
    group(incident(1, { model: "22" })),
    "seen-before",
    "1 incident in 90 days, 2 days ago: redis-down (by its verdict), worked again after 5 hours; 1 more of other models on this service",
  ],
  [
    "only another model's, in which nobody looked again",
    group(),
    group(incident(1, { model: "22", named: [], ended: { how: "quiet", at: at(1) } })),
    "seen-before",
    "none of this model; 1 incident of other models on this service in 90 days, 24 hours ago: a fault (by its verdict), last looked at after 1 min",
  ],
])("%s", (_name, own, service, outcome, summary) => {
  const judged = judge(own, service);
  expect([judged.outcome, judged.summary]).toEqual([outcome, summary]);
});

it("is no news of now: never weighed, and nothing to act on", () => {
  const { status, history } = earlierIncidents.outcomes["seen-before"];
  expect([status, history]).toEqual(["ok", true]);
});

it("gives each with its claim, and keeps people's own words out of the evidence", () => {
  const written = incident(12, { said: [cause("overload")], note: "private words" });
  const judged = judge(group(written), group(incident(3, { model: "22" })));
  expect(judged.evidence).toEqual([
    { label: at(12).slice(0, 10), seen: "overload: Claim of overload (people said so)" },
    {
      label: `${at(3).slice(0, 10)}, model 22`,
      seen: "redis-down: Claim of redis-down (by its verdict)",
    },
  ]);
  expect(judged.incidents?.own.newest).toEqual([written]);
});
