/** What a run is told of the incidents before its own, through everything that carries it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { earlierIncidents } from "#checks/history/earlier-incidents.ts";
import { isoTime, systemClock } from "#core/clock.ts";
import type { Investigation } from "#core/investigation.ts";
import { nothingEarlier, type EarlierPort } from "#core/ports/earlier.ts";
import type { Plan } from "#core/plan.ts";
import type { Ports } from "#core/ports.ts";
import { createRedactor } from "#core/redact.ts";
import { earlierIn } from "#engine/earlier.ts";
import { createInvestigations } from "#engine/investigate.ts";
import { runInvestigation, type EngineParts } from "#engine/run.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { weigh } from "#diagnosis/weigh.ts";
import { diagnosis, plan as example, target } from "../reports/example-run.ts";

const plan: Plan = {
  ...example,
  priorities: [{ level: 1, title: "before", minutes: 1, checks: [earlierIncidents.id] }],
};
const engineFor = (earlier: EarlierPort): EngineParts => ({
  checks: new Map([[earlierIncidents.id, earlierIncidents]]),
  weigh,
  pivotal: () => [],
  // The only port that this plan's fact asks.
  ports: { earlier } as unknown as Ports,
  clock: systemClock,
  redactor: createRedactor(["a-secret-of-ours"]),
  limits: { fastVerdictSeconds: 5, deepVerdictSeconds: 30 } as EngineParts["limits"],
  vantage: "internet",
});
const request = {
  id: "0b6f7c0e-7f51-4a8e-9d8e-0000000000aa",
  target,
  plan,
  reported: null,
  asker: { door: "terminal", id: null },
} as const;
const runWith = (earlier: EarlierPort): Promise<Investigation> =>
  runInvestigation(request, engineFor(earlier), () => undefined);

const ledger = createMemoryLedger(systemClock);
const now = (): string => isoTime(systemClock.now());

beforeAll(async () => {
  const before = await ledger.openIncident(target.service.id, "C1");
  const at = now();
  const started = { ...request, id: "before", vantage: "internet", type: "started", at } as const;
  await ledger.append(before.id, "before", started);
  const verdict = { type: "verdict", at, depth: "deep", diagnosis: diagnosis() } as const;
  await ledger.append(before.id, "before", verdict);
  await ledger.append(before.id, "before", { type: "ended", at, stopped: "complete" });
  const causes = ["redis-down"];
  const note = "the password a-secret-of-ours was rotated";
  const word = { investigation: "before", at, by: "U1", channel: "C1", causes, note };
  await ledger.giveFeedback(word);
  await ledger.amendIncident(before.id, { closedAt: at });
});

const investigations = createInvestigations({
  engineFor: (_target, earlier) => engineFor(earlier),
  choosePlan: () => plan,
  ledger,
  views: [],
  clock: systemClock,
  onProblem: (what, problem) => {
    throw new Error(`${what}: ${problem}`);
  },
});
afterAll(() => investigations.stop());

const ask = async (channel: string): Promise<Investigation> => {
  const asked = { target, plan: null, reported: null, asker: request.asker, channel, ticket: null };
  return (await investigations.investigate(asked)).done;
};
const found = ({ findings }: Investigation) =>
  findings.find(({ check }) => check === earlierIncidents.id);

it("tells of an incident that is over, redacted, and not of the run's own", async () => {
  const run = await ask("C1");
  expect(found(run)?.summary).toMatch(
    /^1 incident in 90 days, 1 min ago: redis-down \(people said so\), closed after 1 min$/u,
  );
  expect(found(run)?.incidents?.own.newest[0]).toMatchObject({
    note: "the password [secret removed] was rotated",
    said: [{ id: "redis-down" }],
    named: [{ id: "auth-unreachable", claim: "The API cannot reach its auth service" }],
  });
  expect(JSON.stringify(run)).not.toContain("a-secret-of-ours");
  const elsewhere = found(await ask("C2"))?.incidents?.own;
  expect(elsewhere).toMatchObject({ count: 1, newest: [{ note: null }] });
});

it("knows nothing where nothing is kept, which is not that nothing was", async () => {
  const run = await runWith(nothingEarlier);
  expect(run.findings).toEqual([]);
  expect(run.notRun).toMatchObject([
    { check: earlierIncidents.id, reason: "not-applicable", availability: "never" },
  ]);
});

it.each([
  ["fails", () => Promise.reject(new Error("connection refused by the store")), "broken"],
  ["does not answer", () => new Promise<never>(() => undefined), "timed-out-here"],
])("is lost, and not empty, where the store %s", async (_name, fail, reason) => {
  const incident = await ledger.openIncident(target.service.id, "C1");
  const port = earlierIn({ ...ledger, earlierIncidents: fail }, incident);
  const started = performance.now();
  const run = await runWith(port);
  expect(run.notRun).toMatchObject([{ check: earlierIncidents.id, reason, availability: "lost" }]);
  expect(run.stopped).toBe("complete");
  expect(performance.now() - started).toBeLessThan(4_000);
});
