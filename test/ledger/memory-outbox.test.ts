import { describe, expect, it } from "vitest";
import { RetryLater, type Effect } from "#core/incident.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";

const effect = (key: string, more: Partial<Effect> = {}): Effect => ({
  key,
  queue: "q",
  kind: "say",
  payload: key,
  ...more,
});

describe("memory outbox", () => {
  it("sends a queue in order, one at a time", async () => {
    const seen: string[] = [];
    let active = 0;
    const outbox = createMemoryOutbox(
      new Map([
        [
          "say",
          async ({ key }: Effect) => {
            active += 1;
            expect(active).toBe(1);
            await new Promise((resolve) => setTimeout(resolve, 5));
            seen.push(key);
            active -= 1;
          },
        ],
      ]),
    );
    for (const key of ["a", "b", "c"]) await outbox.put(effect(key));
    await outbox.drained();
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("replaces an unsent edit by the newer one", async () => {
    const seen: unknown[] = [];
    const outbox = createMemoryOutbox(
      new Map([
        [
          "say",
          async ({ payload }: Effect) => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            seen.push(payload);
          },
        ],
      ]),
    );
    await outbox.put(effect("post"));
    await outbox.put(effect("edit-1", { replaces: "root" }));
    await outbox.put(effect("edit-2", { replaces: "root" }));
    await outbox.drained();
    expect(seen).toEqual(["post", "edit-2"]);
  });

  it("tries again what may be tried again, and keeps what cannot be sent", async () => {
    let tries = 0;
    const outbox = createMemoryOutbox(
      new Map([
        [
          "say",
          async ({ key }: Effect) => {
            tries += 1;
            if (key === "busy" && tries < 3) throw new RetryLater("busy", 5);
            if (key === "wrong") throw new Error("invalid_blocks");
          },
        ],
      ]),
    );
    await outbox.put(effect("busy"));
    await outbox.put(effect("wrong"));
    await outbox.put(effect("unknown", { kind: "shout" }));
    await outbox.drained();
    expect(tries).toBe(4);
    expect(outbox.dead().map((row) => [row.effect.key, row.problem])).toEqual([
      ["wrong", "invalid_blocks"],
      ["unknown", "nothing sends effects of kind shout"],
    ]);
  });

  it("stops within the pause of a retry", async () => {
    const outbox = createMemoryOutbox(
      new Map([
        [
          "say",
          async () => {
            throw new RetryLater("busy", 60_000);
          },
        ],
      ]),
    );
    await outbox.put(effect("a"));
    const from = Date.now();
    await outbox.stop();
    expect(Date.now() - from).toBeLessThan(2000);
    expect(outbox.dead()).toHaveLength(1);
  });
});
