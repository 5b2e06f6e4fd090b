import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Feedback } from "#core/feedback.ts";
import type { Ledger } from "#core/incident.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import { events } from "./runs.ts";
import { createTestClock, stores, type Store } from "./stores.ts";

const kinds = [{ name: "memory", make: null }, ...stores];
const day = 86_400_000;

const word = (investigation: string, change: Partial<Feedback> = {}): Feedback => ({
  investigation,
  at: "2026-11-20T10:00:00.000Z",
  by: "U1",
  channel: "C1",
  causes: ["redis-down"],
  note: null,
  ...change,
});

async function ended(ledger: Ledger, at: string): Promise<string> {
  const id = randomUUID();
  const incident = await ledger.openIncident(randomUUID(), "C1");
  await ledger.append(incident.id, id, events.started(id, "21", at));
  await ledger.append(incident.id, id, events.verdict(at));
  await ledger.append(incident.id, id, events.ended(at));
  return id;
}

describe.each(kinds)("feedback, $name", ({ make }) => {
  const clock = createTestClock();
  let store: Store | null = null;
  let ledger: Ledger;
  beforeAll(async () => {
    store = make === null ? null : await make();
    ledger = store === null ? createMemoryLedger(clock) : await store.open({ clock });
  }, 120_000);
  afterAll(() => store?.remove());
  const now = (): string => new Date(clock.now()).toISOString();

  it("is kept in the order in which it was given, byte for byte", async () => {
    const id = await ended(ledger, now());
    expect(await ledger.feedback(id)).toEqual([]);
    const given = [
      word(id),
      word(id, { by: "U2", causes: [], note: 'odd \u0000 "note"' }),
      word(id, { by: "terminal", channel: null, causes: ["other", "redis-down"] }),
    ];
    for (const one of given) await ledger.giveFeedback(one);
    expect(JSON.stringify(await ledger.feedback(id))).toBe(JSON.stringify(given));
    expect(await ledger.feedback(randomUUID())).toEqual([]);
  });

  it.each([
    ["the same once more", {}, 1],
    ["another cause", { causes: ["other"] }, 2],
    ["a note to it", { note: "after the failover" }, 2],
    ["the same by somebody else", { by: "U2" }, 2],
  ])("%s: %j", async (_, change, count) => {
    const id = await ended(ledger, now());
    await ledger.giveFeedback(word(id));
    await ledger.giveFeedback(word(id, { at: "2026-11-20T10:00:01.000Z", ...change }));
    expect(await ledger.feedback(id)).toHaveLength(count);
  });

  it("takes the same word again where somebody else disagreed meanwhile", async () => {
    const id = await ended(ledger, now());
    await ledger.giveFeedback(word(id));
    await ledger.giveFeedback(word(id, { by: "U2", causes: [] }));
    await ledger.giveFeedback(word(id));
    expect((await ledger.feedback(id)).map(({ by }) => by)).toEqual(["U1", "U2", "U1"]);
  });

  it("names the runs that have some, in the order in which they ended", async () => {
    const known = new Set(await ledger.investigationsWithFeedback());
    clock.forward(1_000);
    const first = await ended(ledger, now());
    clock.forward(1_000);
    const second = await ended(ledger, now());
    await ended(ledger, now());
    await ledger.giveFeedback(word(second));
    await ledger.giveFeedback(word(first));
    const ids = await ledger.investigationsWithFeedback();
    expect(ids.filter((id) => !known.has(id))).toEqual([first, second]);
  });

  it("is not taken of a run that is not on record", async () => {
    await expect(ledger.giveFeedback(word(randomUUID()))).rejects.toThrow(/investigation/u);
  });
});

describe.each(stores)("feedback on record, $name", ({ make }) => {
  const clock = createTestClock();
  let store: Store;
  let ledger: DurableLedger;
  beforeAll(async () => {
    store = await make();
    ledger = await store.open({ clock });
  }, 120_000);
  afterAll(() => store.remove());
  const now = (): string => new Date(clock.now()).toISOString();

  it("is in the audit each time, also where people disagree, without their notes", async () => {
    const id = await ended(ledger, now());
    await ledger.giveFeedback(word(id, { note: "private words" }));
    await ledger.giveFeedback(word(id, { by: "U2", causes: [] }));
    await ledger.giveFeedback(word(id, { by: "U2", causes: [] }));
    const rows = (await ledger.audit.newest()).filter(({ target }) => target === id);
    expect(rows.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
      ["U2", "feedback", { causes: [] }],
      ["U1", "feedback", { causes: ["redis-down"] }],
    ]);
    expect(JSON.stringify(rows)).not.toContain("private words");
  });

  it("leads from a run to its incident, wherever it was moved", async () => {
    const id = await ended(ledger, now());
    const incident = await ledger.incidentOf(id);
    expect(incident?.investigations).toEqual([id]);
    const split = await ledger.splitIncident(incident?.id ?? "", [id]);
    expect((await ledger.incidentOf(id))?.id).toBe(split.id);
    expect(await ledger.incidentOf(randomUUID())).toBeNull();
  });

  it("keeps its run, facts and message for longer than others", async () => {
    const [told, untold] = [await ended(ledger, now()), await ended(ledger, now())];
    await ledger.giveFeedback(word(told));
    const keyOf = async (id: string): Promise<string> => {
      const incident = await ledger.incidentOf(id);
      await ledger.closeIncident(incident?.id ?? "");
      return `${incident?.id}/${id}/mention`;
    };
    const keys = [await keyOf(told), await keyOf(untold)];
    for (const key of keys) await ledger.recordPosted({ key, ref: "1", hash: "", url: null });
    const left = async () => ({
      runs: await Promise.all(
        [told, untold].map(async (id) => (await ledger.incidentOf(id)) !== null),
      ),
      posted: await Promise.all(keys.map(async (key) => (await ledger.posted(key)) !== null)),
      words: (await ledger.feedback(told)).length,
    });
    clock.forward(91 * day);
    await ledger.prune();
    expect(await left()).toEqual({ runs: [true, false], posted: [true, false], words: 1 });
    await ledger.prune({ investigations: 1 });
    expect((await left()).runs).toEqual([true, false]);
    clock.forward(310 * day);
    await ledger.prune();
    expect(await left()).toEqual({ runs: [false, false], posted: [false, false], words: 0 });
  });

  it("goes earlier where that is asked for", async () => {
    const id = await ended(ledger, now());
    await ledger.giveFeedback(word(id));
    clock.forward(91 * day);
    await ledger.prune({ withFeedback: 90 });
    expect(await ledger.incidentOf(id)).toBeNull();
  });
});
