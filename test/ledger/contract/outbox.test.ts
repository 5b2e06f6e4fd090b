import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { RetryLater, type Effect, type EffectHandler } from "#core/incident.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import type { DurableOutbox } from "#ledger/durable-outbox.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import type { SendingOutbox } from "#ledger/outbox.ts";
import { stores, type Store } from "./stores.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const noAnswer = (): RetryLater => new RetryLater("no answer", null, new Error("ECONNRESET"));

/** Effects of one test, in a queue of its own. */
const effectsOf = () => {
  const queue = randomUUID();
  return (name: string, more: Partial<Effect> = {}): Effect => ({
    key: `${queue}/${name}`,
    queue,
    kind: "say.it",
    payload: name,
    ...more,
  });
};

describe.each([{ name: "memory", make: null }, ...stores])("the outbox, $name", ({ make }) => {
  let store: Store | null = null;
  let ledger: DurableLedger | null = null;
  const open: SendingOutbox[] = [];

  beforeAll(async () => {
    store = make === null ? null : await make();
    ledger = (await store?.open()) ?? null;
  }, 120_000);
  afterEach(async () => {
    for (const outbox of open.splice(0)) await outbox.stop();
    await ledger?.sql.rows("delete from hokusai.effect");
  });
  afterAll(() => store?.remove());

  const openOutbox = (handler: EffectHandler): SendingOutbox => {
    const handlers = new Map([["say.it", handler]]);
    const outbox =
      ledger === null
        ? createMemoryOutbox(handlers, { firstPauseMs: 20 })
        : ledger.openOutbox(handlers, { firstPauseMs: 20, attemptLimit: 6 });
    open.push(outbox);
    return outbox;
  };

  it("sends a queue in order, one at a time, and others beside it", async () => {
    const [one, other] = [effectsOf(), effectsOf()];
    const seen: unknown[] = [];
    const active = new Map<string, number>();
    let most = 0;
    let together = 0;
    const outbox = openOutbox(async ({ queue, payload }) => {
      active.set(queue, (active.get(queue) ?? 0) + 1);
      most = Math.max(most, active.get(queue) ?? 0);
      together = Math.max(
        together,
        [...active.values()].reduce((sum, n) => sum + n, 0),
      );
      await pause(20);
      seen.push(payload);
      active.set(queue, (active.get(queue) ?? 0) - 1);
    });
    outbox.start();
    for (const name of ["a", "b", "c"]) await outbox.put(one(name));
    await outbox.put(other("x"));
    await outbox.drained();
    expect(seen.filter((name) => name !== "x")).toEqual(["a", "b", "c"]);
    expect(seen).toContain("x");
    expect(most).toBe(1);
    expect(together).toBe(2);
  });

  it("sends an effect that is put twice once", async () => {
    const effect = effectsOf();
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      await pause(20);
      seen.push(payload);
    });
    outbox.start();
    await outbox.put(effect("first"));
    await outbox.put(effect("post"));
    await outbox.put(effect("post", { payload: "post, fresher" }));
    await outbox.drained();
    expect(seen).toEqual(["first", "post, fresher"]);
  });

  it("lets a newer edit take the place of an unsent one, also back to an earlier content", async () => {
    const effect = effectsOf();
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      await pause(30);
      seen.push(payload);
    });
    outbox.start();
    const edit = (name: string) => effect(name, { replaces: "root" });
    await outbox.put(edit("A"));
    await outbox.drained();
    await outbox.put(effect("block"));
    await pause(10);
    for (const name of ["B", "C", "A"]) await outbox.put(edit(name));
    await outbox.put(effect("after"));
    await outbox.drained();
    expect(seen).toEqual(["A", "block", "A", "after"]);
  });

  it("tries again until it succeeds, and holds the queue meanwhile", async () => {
    const effect = effectsOf();
    const seen: unknown[] = [];
    let tries = 0;
    const outbox = openOutbox(async ({ payload }) => {
      tries += 1;
      if (tries < 4) throw noAnswer();
      seen.push(payload);
    });
    outbox.start();
    await outbox.put(effect("a"));
    await outbox.put(effect("b"));
    await outbox.drained();
    expect(seen).toEqual(["a", "b"]);
    expect(tries).toBe(5);
  });

  it("waits as long as the other side asks", async () => {
    const effect = effectsOf();
    const times: number[] = [];
    const outbox = openOutbox(async () => {
      times.push(Date.now());
      if (times.length === 1) throw new RetryLater("429", 400, new Error("429"));
    });
    outbox.start();
    await outbox.put(effect("a"));
    await outbox.drained();
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(395);
  });

  it.each([
    ["a refusal", () => new Error("channel_not_found"), 1],
    ["something of ours that never comes", () => new RetryLater("no link yet"), 6],
  ])("gives up after %s, tells it, and goes on", async (_name, error, attempts) => {
    const effect = effectsOf();
    let tries = 0;
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      if (payload === "good") {
        seen.push(payload);
        return;
      }
      tries += 1;
      throw error();
    });
    outbox.start();
    await outbox.put(effect("bad"));
    await outbox.put(effect("good"));
    await outbox.drained();
    expect(seen).toEqual(["good"]);
    expect(tries).toBe(attempts);
    expect(
      outbox
        .dead()
        .map(({ effect: { payload }, problem }) => [payload, problem.includes(error().message)]),
    ).toEqual([["bad", true]]);
  });

  it("takes one that was given up on when it is put again", async () => {
    const effect = effectsOf();
    let refuse = true;
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      if (refuse) throw new Error("not_in_channel");
      seen.push(payload);
    });
    outbox.start();
    await outbox.put(effect("root"));
    await outbox.drained();
    refuse = false;
    await outbox.put(effect("root", { payload: "root, again" }));
    await outbox.drained();
    expect(seen).toEqual(["root, again"]);
  });

  it("knows what nobody sends", async () => {
    const effect = effectsOf();
    const outbox = openOutbox(async () => undefined);
    outbox.start();
    await outbox.put(effect("a", { kind: "shout" }));
    await outbox.drained();
    expect(outbox.dead()[0]?.problem).toBe("nothing sends effects of kind shout");
  });

  it("ends when told to, whatever still waits", async () => {
    const effect = effectsOf();
    const outbox = openOutbox(async () => {
      throw new RetryLater("not now", 60_000);
    });
    outbox.start();
    await outbox.put(effect("a"));
    await pause(100);
    const began = Date.now();
    await outbox.stop(500);
    expect(Date.now() - began).toBeLessThan(3_000);
  });
});

describe.each(stores)("the durable outbox, $name", ({ make }) => {
  let store: Store;
  let ledger: DurableLedger;
  const open: DurableOutbox[] = [];
  beforeAll(async () => {
    store = await make();
    ledger = await store.open();
  }, 120_000);
  afterEach(async () => {
    for (const outbox of open.splice(0)) await outbox.stop();
    await ledger.sql.rows("delete from hokusai.effect");
    store.problems();
  });
  afterAll(() => store.remove());
  const openOutbox = (handler: EffectHandler, on: DurableLedger = ledger): DurableOutbox => {
    const outbox = on.openOutbox(new Map([["say.it", handler]]), {
      firstPauseMs: 20,
      attemptLimit: 6,
    });
    open.push(outbox);
    return outbox;
  };

  it("does not send again what was sent, however often it is put", async () => {
    const effect = effectsOf();
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => void seen.push(payload));
    outbox.start();
    for (let turn = 0; turn < 3; turn += 1) {
      await outbox.put(effect("post", { payload: turn }));
      await outbox.drained();
    }
    expect(seen).toEqual([0]);
  });

  it("keeps what was put before anybody sends, over a restart", async () => {
    const effect = effectsOf();
    const silent = openOutbox(async () => undefined);
    await silent.put(effect("a"));
    await silent.put(effect("edit-1", { replaces: "root" }));
    await silent.put(effect("edit-2", { replaces: "root" }));
    await ledger.close();
    ledger = await store.open();
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => void seen.push(payload));
    outbox.start();
    await outbox.drained();
    expect(seen).toEqual(["a", "edit-2"]);
  });

  it("hands over what it could not send in time", async () => {
    const effect = effectsOf();
    let up = false;
    const seen: unknown[] = [];
    const handler: EffectHandler = async ({ payload }) => {
      if (!up) throw noAnswer();
      seen.push(payload);
    };
    const first = openOutbox(handler);
    first.start();
    await first.put(effect("a"));
    await first.stop(50);
    expect(await first.list(["waiting"])).toHaveLength(1);
    up = true;
    const next = openOutbox(handler);
    next.start();
    await next.drained();
    expect(seen).toEqual(["a"]);
    expect(next.dead()).toEqual([]);
  });

  it("leaves a service alone that fails, and finishes once it is back", async () => {
    let up = false;
    let calls = 0;
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      calls += 1;
      if (!up) throw noAnswer();
      seen.push(payload);
    });
    outbox.start();
    const many = Array.from({ length: 12 }, (_, index) => effectsOf()(String(index)));
    for (const effect of many) await outbox.put(effect);
    await pause(900);
    // Five failures open the breaker; at most those that were under way then are added.
    expect(calls).toBeLessThanOrEqual(5 + 8);
    up = true;
    await outbox.drained();
    expect(seen).toHaveLength(12);
    expect(outbox.dead()).toEqual([]);
  });

  it("does not hold one service back for another", async () => {
    const seen: unknown[] = [];
    const outbox = ledger.openOutbox(
      new Map<string, EffectHandler>([
        ["slack.post", async () => Promise.reject(noAnswer())],
        ["linear.comment", async ({ payload }) => void seen.push(payload)],
      ]),
      { firstPauseMs: 5, attemptLimit: 100 },
    );
    open.push(outbox);
    outbox.start();
    for (let n = 0; n < 8; n += 1) await outbox.put(effectsOf()("post", { kind: "slack.post" }));
    await pause(200);
    await outbox.put(effectsOf()("comment", { kind: "linear.comment" }));
    for (let wait = 0; wait < 40 && seen.length === 0; wait += 1) await pause(50);
    expect(seen).toEqual(["comment"]);
  });

  it("shows dead letters, sends them again, drops them", async () => {
    const effect = effectsOf();
    let refuse = true;
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ payload }) => {
      if (refuse) throw new Error("is_archived");
      seen.push(payload);
    });
    outbox.start();
    await outbox.put(effect("a"));
    await outbox.put(effect("b"));
    await outbox.drained();
    expect(
      (await outbox.list(["dead"])).map(({ key, problem, attempts }) => ({
        key,
        problem,
        attempts,
      })),
    ).toEqual(
      ["a", "b"].map((name) => ({ key: effect(name).key, problem: "is_archived", attempts: 1 })),
    );
    refuse = false;
    expect(await outbox.resend(effect("a").key)).toBe(true);
    expect(await outbox.drop(effect("b").key)).toBe(true);
    expect(await outbox.resend("no such key")).toBe(false);
    await outbox.drained();
    expect(seen).toEqual(["a"]);
    expect(await outbox.list(["dead"])).toEqual([]);
  });

  it("commits with what caused it: not sent before, not lost after", async () => {
    const effect = effectsOf();
    const seen: unknown[] = [];
    const outbox = openOutbox(async ({ key }) => void seen.push((await ledger.posted(key))?.ref));
    outbox.start();
    await ledger.atomically(async () => {
      await outbox.put(effect("a"));
      if (ledger.store === "postgres") await pause(150);
      await ledger.recordPosted({ key: effect("a").key, ref: "recorded", hash: "", url: null });
    });
    await outbox.drained();
    expect(seen).toEqual(["recorded"]);
  });
});

describe.each(stores.filter(({ name }) => name === "postgres"))(
  "two processes on one outbox, $name",
  ({ make }) => {
    it("share the queues and never a queue's head", async () => {
      const store = await make();
      try {
        const ledgers = [await store.open(), await store.open()];
        const seen: string[] = [];
        const active = new Set<string>();
        let overlaps = 0;
        const outboxes = ledgers.map((ledger) =>
          ledger.openOutbox(
            new Map<string, EffectHandler>([
              [
                "say.it",
                async ({ queue, key }) => {
                  if (active.has(queue)) overlaps += 1;
                  active.add(queue);
                  await pause(3);
                  seen.push(key);
                  active.delete(queue);
                },
              ],
            ]),
          ),
        );
        for (const outbox of outboxes) outbox.start();
        const queues = Array.from({ length: 6 }, () => effectsOf());
        const all = queues.flatMap((effect) =>
          Array.from({ length: 15 }, (_, n) => effect(`${n}`.padStart(2, "0"))),
        );
        await Promise.all(all.map(async (effect, n) => outboxes[n % 2]?.put(effect)));
        for (const outbox of outboxes) await outbox.drained();
        expect(seen.toSorted()).toEqual(all.map(({ key }) => key).toSorted());
        expect(overlaps).toBe(0);
        for (const outbox of outboxes) await outbox.stop();
      } finally {
        await store.remove();
      }
    }, 60_000);
  },
);
