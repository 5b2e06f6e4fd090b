import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Diagnosis } from "#core/diagnosis.ts";
import type { Feedback } from "#core/feedback.ts";
import type { Ledger } from "#core/incident.ts";
import type { EarlierIncident } from "#core/ports/earlier.ts";
import { slots } from "#core/slots.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import { diagnosis, events } from "./runs.ts";
import { createTestClock, stores, type Store } from "./stores.ts";

const kinds = [{ name: "memory", make: null }, ...stores];
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A verdict that names these, with what people read of them; an odd character as a log may hold it. */
const verdictOf = (causes: readonly string[]): Diagnosis => ({
  ...diagnosis(causes.length === 0 ? "healthy" : "fault"),
  leading: causes,
  hypotheses: causes.map((id) => ({
    id,
    claim: `claim of ${id} \u0000`,
    probability: 0.9,
    verdict: "likely",
    because: [],
    maskedBy: [],
    side: "service",
  })),
});

interface Asking {
  readonly days?: number;
  readonly incident?: string;
  readonly in?: string | null;
}

/** What tests of both kinds of store do to incidents of a service of their own. */
function createPast(ledger: () => Ledger, clock: ReturnType<typeof createTestClock>) {
  const now = (): string => new Date(clock.now()).toISOString();
  return (service: string, channel = "C1") => {
    const open = () => ledger().openIncident(service, channel);
    const run = async (incident: string, model: string, causes: readonly string[] | null) => {
      const id = randomUUID();
      await ledger().append(incident, id, events.started(id, model, now()));
      if (causes !== null) {
        const event = { ...events.verdict(now()), diagnosis: verdictOf(causes) };
        await ledger().append(incident, id, event);
      }
      clock.forward(minute);
      await ledger().append(incident, id, events.ended(now()));
      return id;
    };
    return {
      open,
      run,
      /** Closed at once; for hours more where `afterMs` says so. */
      async over(model: string, causes: readonly string[], afterMs = 0) {
        const { id } = await open();
        const ran = await run(id, model, causes);
        clock.forward(afterMs);
        await ledger().amendIncident(id, { closedAt: now() });
        clock.forward(day);
        return { id, run: ran };
      },
      say: (investigation: string, causes: readonly string[], more: Partial<Feedback> = {}) =>
        ledger().giveFeedback({
          investigation,
          at: now(),
          by: "U1",
          channel,
          causes,
          note: null,
          ...more,
        }),
      /** As a run in an incident that has just been opened asks. */
      async ask(model: string, { days = 90, incident = "", in: where = channel }: Asking = {}) {
        const id = incident === "" ? (await open()).id : incident;
        const since = new Date(clock.now() - days * day).toISOString();
        return ledger().earlierIncidents({ model, service, incident: id, channel: where, since });
      },
    };
  };
}

const causesOf = (rows: readonly EarlierIncident[]) =>
  rows.map(({ said, named }) => (said ?? named).map(({ id }) => id).join("+"));

describe.each(kinds)("earlier incidents, $name", ({ make }) => {
  const clock = createTestClock();
  let store: Store | null = null;
  let ledger: Ledger;
  const pastOf = createPast(() => ledger, clock);
  const fresh = () => ({ model: randomUUID(), past: pastOf(randomUUID()) });
  beforeAll(async () => {
    store = make === null ? null : await make();
    ledger = store === null ? createMemoryLedger(clock) : await store.open({ clock });
  }, 120_000);
  afterAll(() => store?.remove());

  it("tells when, what, how it ended, and where to read on", async () => {
    const { model, past } = fresh();
    const began = new Date(clock.now()).toISOString();
    const { id } = await past.over(model, ["redis-down"], 40 * minute);
    await ledger.amendIncident(id, { ticket: "HOK-7" });
    const [ticket, thread] = ["https://linear.app/x/HOK-7", "https://x.slack.com/p1"];
    await ledger.recordPosted({ key: slots.issue(id), ref: "u", hash: "", url: ticket });
    await ledger.recordPosted({ key: slots.root(id), ref: "1.1", hash: "", url: thread });
    expect(await past.ask(model)).toEqual({
      own: {
        count: 1,
        newest: [
          {
            id,
            model,
            beganAt: began,
            ended: {
              how: "closed",
              at: new Date(Date.parse(began) + 41 * minute).toISOString(),
            },
            named: [{ id: "redis-down", claim: "claim of redis-down \u0000" }],
            said: null,
            note: null,
            ticket: { id: "HOK-7", url: ticket },
            thread,
          },
        ],
      },
      service: { count: 0, newest: [] },
    });
  });

  it("tells of the newest five of the model first, and counts them all", async () => {
    const { model, past } = fresh();
    for (const n of [1, 2, 3, 4, 5, 6]) await past.over(model, [`cause-${n}`]);
    const { own } = await past.ask(model);
    expect(own.count).toBe(6);
    expect(causesOf(own.newest)).toEqual(["cause-6", "cause-5", "cause-4", "cause-3", "cause-2"]);
  });

  it("keeps other models of the same service apart, and other services out", async () => {
    const { model, past } = fresh();
    await past.over(model, ["ours"]);
    await past.over("another", ["theirs"]);
    await pastOf(randomUUID()).over("third", ["elsewhere"]);
    const { own, service } = await past.ask(model);
    expect([causesOf(own.newest), causesOf(service.newest)]).toEqual([["ours"], ["theirs"]]);
    expect(service.newest[0]?.model).toBe("another");
  });

  it("takes what the model's own run says, where another of the incident says more", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    await past.run(id, model, ["ours"]);
    await past.run(id, "another", ["theirs"]);
    await ledger.amendIncident(id, { closedAt: new Date(clock.now()).toISOString() });
    const { own, service } = await past.ask(model);
    expect([causesOf(own.newest), service.count]).toEqual([["ours"], 0]);
  });

  it.each([
    ["a fault was found", ["redis-down"], null, ["redis-down"]],
    ["people said another cause", ["redis-down"], ["auth-unreachable"], ["auth-unreachable"]],
    ["people named one of a healthy verdict", [], ["overload"], ["overload"]],
    ["people said that nothing was wrong", ["redis-down"], [], []],
    ["nothing was found", [], null, []],
  ])("counts an incident in which %s", async (_name, found, said, told) => {
    const { model, past } = fresh();
    const { run } = await past.over(model, found);
    if (said !== null) await past.say(run, said);
    const { own } = await past.ask(model);
    expect(causesOf(own.newest)).toEqual(told);
    expect(own.newest.map((one) => one.said !== null)).toEqual(told.map(() => said !== null));
  });

  it("keeps what was said of the fault where the last look is healthy, and confirmed", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    const first = await past.run(id, model, ["redis-down"]);
    await past.say(first, ["auth-unreachable"]);
    await past.run(id, model, ["redis-down"]);
    const healthy = await past.run(id, model, []);
    await past.say(healthy, []);
    await ledger.amendIncident(id, { closedAt: new Date(clock.now() + day).toISOString() });
    const [one] = (await past.ask(model)).own.newest;
    expect(one?.said?.map((cause) => cause.id)).toEqual(["auth-unreachable"]);
    expect(one?.named.map((cause) => cause.id)).toEqual(["redis-down"]);
    expect(one?.ended.how).toBe("works");
  });

  it("shows what people wrote to the readers of the same channel only", async () => {
    const { model, past } = fresh();
    const { run } = await past.over(model, ["redis-down"]);
    await past.say(run, ["redis-down"], { note: "after the failover" });
    const noteIn = async (channel: string | null) =>
      (await past.ask(model, { in: channel })).own.newest[0]?.note;
    expect([await noteIn("C1"), await noteIn("C2"), await noteIn(null)]).toEqual([
      "after the failover",
      null,
      null,
    ]);
  });

  it("leaves out the incident that asks, and those that are still open", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    await past.run(id, model, ["redis-down"]);
    expect((await past.ask(model, { incident: id })).own.count).toBe(0);
    const elsewhere = await past.ask(model, { incident: randomUUID() });
    expect(elsewhere.own.count).toBe(0);
    // Nobody closed it, and the next question would open another.
    clock.forward(13 * hour);
    const { own } = await past.ask(model, { incident: randomUUID() });
    expect(own.newest.map(({ ended }) => ended.how)).toEqual(["quiet"]);
  });

  it("does not take the next question's day for the time that an incident was open", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    await past.run(id, model, ["redis-down"]);
    const looked = new Date(clock.now()).toISOString();
    clock.forward(10 * day);
    const [one] = (await past.ask(model)).own.newest;
    expect((await ledger.incident(id))?.closedAt).not.toBeNull();
    expect(one?.ended).toEqual({ how: "quiet", at: looked });
  });

  it("looks back as far as it is asked to", async () => {
    const { model, past } = fresh();
    await past.over(model, ["long-ago"]);
    clock.forward(89 * day);
    await past.over(model, ["lately"]);
    expect(causesOf((await past.ask(model, { days: 90 })).own.newest)).toEqual(["lately"]);
    expect((await past.ask(model, { days: 92 })).own.count).toBe(2);
  });

  it("has the newest result of a model while the next check is silent", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    const result = await past.run(id, model, ["redis-down"]);
    const silent = randomUUID();
    const now = new Date(clock.now()).toISOString();
    await ledger.append(id, silent, events.started(silent, model, now));
    expect((await ledger.newestInvestigation(model))?.id).toBe(silent);
    expect((await ledger.newestResult(model))?.id).toBe(result);
    expect(await ledger.newestResult(randomUUID())).toBeNull();
  });
});

describe.each(stores)("earlier incidents on record, $name", ({ make }) => {
  const clock = createTestClock();
  let store: Store;
  let ledger: DurableLedger;
  const pastOf = createPast(() => ledger, clock);
  const fresh = () => ({ model: randomUUID(), past: pastOf(randomUUID()) });
  beforeAll(async () => {
    store = await make();
    ledger = await store.open({ clock });
  }, 120_000);
  afterAll(() => store.remove());

  it("counts incidents that were merged once, with what the newest run says", async () => {
    const { model, past } = fresh();
    const first = await past.open();
    await past.run(first.id, model, ["first"]);
    await ledger.closeIncident(first.id);
    const second = await past.open();
    await past.run(second.id, model, ["second"]);
    await ledger.mergeIncidents(first.id, second.id);
    await ledger.closeIncident(second.id);
    const { own } = await past.ask(model);
    expect([own.count, causesOf(own.newest)]).toEqual([1, ["second"]]);
    expect(own.newest[0]?.id).toBe(second.id);
  });

  it("leaves out what took over the incident that asks", async () => {
    const { model, past } = fresh();
    const elsewhere = await ledger.openIncident(randomUUID(), "C9");
    await past.run(elsewhere.id, model, ["redis-down"]);
    const asking = await past.open();
    await past.run(asking.id, model, ["redis-down"]);
    await ledger.mergeIncidents(asking.id, elsewhere.id);
    await ledger.closeIncident(elsewhere.id);
    expect((await past.ask(model, { incident: asking.id })).own.count).toBe(0);
    expect((await past.ask(model, { incident: randomUUID() })).own.count).toBe(1);
  });

  it("tells of a split-off incident beside the one that it came from, from when its run began", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    await past.run(id, model, ["kept"]);
    const began = new Date(clock.now()).toISOString();
    const moved = await past.run(id, model, ["split-off"]);
    clock.forward(hour);
    const split = await ledger.splitIncident(id, [moved]);
    for (const one of [id, split.id]) await ledger.closeIncident(one);
    const { own } = await past.ask(model);
    expect(causesOf(own.newest)).toEqual(["split-off", "kept"]);
    expect(own.newest[0]).toMatchObject({ id: split.id, beganAt: began });
  });

  it("finds the verdict of a run that went on after it, among large facts", async () => {
    const { model, past } = fresh();
    const { id } = await past.open();
    const run = await past.run(id, model, ["redis-down"]);
    const at = new Date(clock.now()).toISOString();
    for (let n = 0; n < 5; n += 1)
      await ledger.append(id, run, events.fact(`f${n}`, '{"type":"verdict"}'.repeat(9_000), at));
    await ledger.closeIncident(id);
    expect(causesOf((await past.ask(model)).own.newest)).toEqual(["redis-down"]);
  });

  it("tells of no run that was pruned, and longer of one that somebody judged", async () => {
    const { model, past } = fresh();
    const judged = await past.over(model, ["judged"]);
    await past.say(judged.run, ["judged"]);
    await past.over(model, ["not-judged"]);
    clock.forward(91 * day);
    await ledger.prune();
    const { own } = await past.ask(model, { days: 200 });
    expect(causesOf(own.newest)).toEqual(["judged"]);
  });
});
