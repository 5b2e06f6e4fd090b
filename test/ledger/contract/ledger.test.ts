import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ledger } from "#core/incident.ts";
import { foldEvents } from "#core/investigation.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { events } from "./runs.ts";
import { createTestClock, stores, type Store } from "./stores.ts";

const second = (n: number): string =>
  new Date(Date.parse("2026-11-20T10:00:00.000Z") + n * 1_000).toISOString();
const hour = 3_600_000;

const kinds = [{ name: "memory", make: null }, ...stores];

describe.each(kinds)("the record, $name", ({ make }) => {
  const clock = createTestClock();
  let store: Store | null = null;
  let ledger: Ledger;
  let count = 0;
  const service = (): string => `service-${(count += 1)}`;

  beforeAll(async () => {
    store = make === null ? null : await make();
    ledger = store === null ? createMemoryLedger(clock) : await store.open({ clock });
  }, 120_000);
  afterAll(() => store?.remove());

  it("has one open incident for a service and channel", async () => {
    const name = service();
    const first = await ledger.openIncident(name, "C1");
    expect(await ledger.openIncident(name, "C1")).toEqual(first);
    expect((await ledger.openIncident(name, "C2")).id).not.toBe(first.id);
    expect((await ledger.openIncident(name, null)).id).toBe(
      (await ledger.openIncident(name, null)).id,
    );
    expect(first).toMatchObject({
      service: name,
      channel: "C1",
      closedAt: null,
      ticket: null,
      investigations: [],
    });
  });

  it("has one incident for many who ask at the same time", async () => {
    const name = service();
    const opened = await Promise.all(
      Array.from({ length: 12 }, () => ledger.openIncident(name, "C1")),
    );
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    ["ticket", { ticket: "HOK-1" }],
    ["channel", { channel: "C9" }],
    ["lead", { lead: "U7" }],
    ["closedAt", { closedAt: second(5) }],
  ])("amends %s and nothing else", async (_name, change) => {
    const incident = await ledger.openIncident(service(), "C1");
    expect(await ledger.amendIncident(incident.id, change)).toEqual({ ...incident, ...change });
    expect(await ledger.incident(incident.id)).toEqual({ ...incident, ...change });
  });

  it("opens a new incident once the old one is closed", async () => {
    const name = service();
    const { id } = await ledger.openIncident(name, "C1");
    await ledger.amendIncident(id, { closedAt: second(1) });
    expect((await ledger.openIncident(name, "C1")).id).not.toBe(id);
  });

  it("opens a new incident when nothing was looked at for half a day", async () => {
    const name = service();
    const quiet = await ledger.openIncident(name, "C1");
    const run = randomUUID();
    await ledger.append(
      quiet.id,
      run,
      events.started(run, "q", new Date(clock.now()).toISOString()),
    );
    clock.forward(11 * hour);
    expect((await ledger.openIncident(name, "C1")).id).toBe(quiet.id);
    await ledger.append(quiet.id, run, events.ended(new Date(clock.now()).toISOString()));
    clock.forward(11 * hour);
    expect((await ledger.openIncident(name, "C1")).id).toBe(quiet.id);
    clock.forward(2 * hour);
    const next = await ledger.openIncident(name, "C1");
    expect(next.id).not.toBe(quiet.id);
    expect((await ledger.incident(quiet.id))?.closedAt).not.toBeNull();
  });

  it("gives a run back as the fold of its events, byte for byte", async () => {
    const { id: incident } = await ledger.openIncident(service(), "C1");
    const id = randomUUID();
    // Key order, a NUL and half a surrogate pair: logs hold such things.
    const odd = { z: 1, a: "a\u0000b \ud800", nested: [{ b: null }] };
    const all = [
      events.started(id, "m1", second(0)),
      events.fact("f", odd, second(1)),
      events.fact("f", "again", second(2)),
      events.verdict(second(3)),
      events.ended(second(4)),
    ];
    for (const event of all) await ledger.append(incident, id, event);
    expect(JSON.stringify(await ledger.investigation(id))).toBe(JSON.stringify(foldEvents(all)));
    expect((await ledger.incident(incident))?.investigations).toEqual([id]);
    expect(await ledger.investigation(randomUUID())).toBeNull();
  });

  it("shows what was appended between two looks", async () => {
    const { id: incident } = await ledger.openIncident(service(), "C1");
    const id = randomUUID();
    await ledger.append(incident, id, events.started(id, "m2", second(0)));
    expect((await ledger.investigation(id))?.facts).toEqual({});
    await ledger.append(incident, id, events.fact("f", 1, second(1)));
    expect(Object.keys((await ledger.investigation(id))?.facts ?? {})).toEqual(["f"]);
  });

  it("lists an incident's runs in the order in which they started", async () => {
    const { id: incident } = await ledger.openIncident(service(), "C1");
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const [index, id] of ids.entries())
      await ledger.append(incident, id, events.started(id, "m3", second(index)));
    expect((await ledger.incident(incident))?.investigations).toEqual(ids);
  });

  it.each([
    ["runs still", [], true],
    ["ended with a verdict", ["verdict", "ended"], true],
    ["ended without a verdict", ["ended"], false],
  ] as const)("newest of a model: one that %s counts: %s", async (_name, more, counts) => {
    const model = randomUUID();
    const { id: incident } = await ledger.openIncident(service(), "C1");
    const [before, newest] = [randomUUID(), randomUUID()];
    await ledger.append(incident, before, events.started(before, model, second(0)));
    await ledger.append(incident, before, events.verdict(second(1)));
    await ledger.append(incident, before, events.ended(second(2)));
    await ledger.append(incident, newest, events.started(newest, model, second(3)));
    for (const kind of more) await ledger.append(incident, newest, events[kind](second(4)));
    expect((await ledger.newestInvestigation(model))?.id).toBe(counts ? newest : before);
    expect(await ledger.newestInvestigation(randomUUID())).toBeNull();
  });

  it("keeps stopped tasks that a run saw: once each, from when, as seen last", async () => {
    const name = service();
    const { id: incident } = await ledger.openIncident(name, "C1");
    const id = randomUUID();
    const task = (arn: string, at: number, reason: string) => ({
      arn: `${name}/${arn}`,
      stoppedAt: second(at),
      stoppedReason: reason,
    });
    const seen = (...tasks: readonly object[]) =>
      events.fact("ecs-stopped-tasks", tasks, second(0));
    await ledger.append(incident, id, events.started(id, "m4", second(0)));
    const first = [task("a", 1, "odd \u0000"), task("b", 2, "exit 1")];
    await ledger.append(incident, id, seen(...first));
    const again = task("b", 2, "exit 1, OutOfMemoryError");
    await ledger.append(incident, id, {
      ...seen(again),
      at: second(60),
    });
    const [a, b] = [
      { task: first[0], firstSeen: second(0), lastSeen: second(0) },
      { task: again, firstSeen: second(0), lastSeen: second(60) },
    ];
    expect(await ledger.stoppedTasks(name, second(0))).toEqual([b, a]);
    expect(await ledger.stoppedTasks(name, second(30))).toEqual([b]);
    expect(await ledger.stoppedTasks(service(), second(0))).toEqual([]);
  });

  it("takes no stopped task from another fact, or from one that could not be had", async () => {
    const name = service();
    const { id: incident } = await ledger.openIncident(name, "C1");
    const id = randomUUID();
    const missing = { reason: "denied", detail: "", mend: "", availability: "lost" } as const;
    await ledger.append(incident, id, events.started(id, "m5", second(0)));
    await ledger.append(incident, id, events.fact("ecs-tasks", [{ arn: "x" }], second(1)));
    await ledger.append(incident, id, {
      type: "fact",
      at: second(2),
      fact: "ecs-stopped-tasks",
      gathered: { state: "missing", at: second(2), tookMs: 1, missing },
    });
    expect(await ledger.stoppedTasks(name, second(0))).toEqual([]);
  });

  it("keeps what was posted last under a key", async () => {
    const key = randomUUID();
    expect(await ledger.posted(key)).toBeNull();
    const row = { key, ref: "", hash: "", url: null };
    await ledger.recordPosted(row);
    expect(await ledger.posted(key)).toEqual(row);
    const sent = { key, ref: "1.2", hash: "abc", url: "https://x.test/p1" };
    await ledger.recordPosted(sent);
    expect(await ledger.posted(key)).toEqual(sent);
  });
});

describe.each(stores)("transactions, $name", ({ make }) => {
  let store: Store;
  let ledger: Awaited<ReturnType<Store["open"]>>;
  beforeAll(async () => {
    store = await make();
    ledger = await store.open();
  }, 120_000);
  afterAll(() => store.remove());

  const row = (key: string) => ({ key, ref: "r", hash: "h", url: null });

  it("leave nothing behind when they fail, effects included", async () => {
    const outbox = ledger.openOutbox(new Map());
    const key = randomUUID();
    await expect(
      ledger.atomically(async () => {
        await ledger.recordPosted(row(key));
        await outbox.put({ key, queue: key, kind: "say", payload: 1 });
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await ledger.posted(key)).toBeNull();
    expect((await outbox.list(["waiting"])).filter((effect) => effect.key === key)).toEqual([]);
  });

  it("survive the failure of an inner one, even in the database", async () => {
    const [outer, inner] = [randomUUID(), randomUUID()];
    await ledger.atomically(async () => {
      await ledger.recordPosted(row(outer));
      await expect(
        ledger.atomically(async () => {
          await ledger.recordPosted(row(inner));
          await ledger.sql.rows("select no_such_column");
        }),
      ).rejects.toThrow(/no_such_column/u);
    });
    expect(await ledger.posted(outer)).not.toBeNull();
    expect(await ledger.posted(inner)).toBeNull();
  });

  it("are not joined by work that outlives them", async () => {
    const key = randomUUID();
    let late: Promise<void> = Promise.resolve();
    await ledger.atomically(async () => {
      await ledger.posted(key);
      late = new Promise((resolve) => setTimeout(resolve, 30)).then(() =>
        ledger.recordPosted(row(key)),
      );
    });
    await late;
    expect(await ledger.posted(key)).not.toBeNull();
  });

  it("do not wait for each other's readers", async () => {
    const key = randomUUID();
    const [seen] = await Promise.all([
      ledger.atomically(() => ledger.posted(key)),
      ledger.posted(key),
      ledger.atomically(() => ledger.recordPosted(row(key))),
    ]);
    expect([null, "r"]).toContain(seen?.ref ?? null);
  });
});
