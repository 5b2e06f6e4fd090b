import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stores, type Store } from "./stores.ts";

const victims: ChildProcess[] = [];

/** Resolves when the process has accepted a command and is in the middle of sending. */
async function startVictim({
  options,
}: Store): Promise<{ investigationId: string; child: ChildProcess }> {
  const child = fork(
    join(import.meta.dirname, "victim.ts"),
    [JSON.stringify([options.databaseUrl, options.dataDirectory])],
    {
      execArgv: [],
    },
  );
  victims.push(child);
  let investigationId = "";
  let sending = false;
  for (;;) {
    const [message] = (await once(child, "message")) as [
      { investigationId?: string; sending?: boolean },
    ];
    investigationId = message.investigationId ?? investigationId;
    sending ||= message.sending === true;
    if (investigationId !== "" && sending) return { investigationId, child };
  }
}

async function kill(child: ChildProcess, signal: "SIGKILL" | "SIGSTOP"): Promise<void> {
  const ended = signal === "SIGKILL" ? once(child, "exit") : Promise.resolve();
  child.kill(signal);
  await ended;
}

describe.each(stores)("kill -9, $name", ({ name, make }) => {
  let store: Store;
  beforeEach(async () => {
    store = await make();
  }, 120_000);
  afterEach(async () => {
    for (const child of victims.splice(0))
      if (child.exitCode === null && child.signalCode === null) await kill(child, "SIGKILL");
    await store.remove();
  });

  it("loses nothing: the run goes on with its facts, what was being sent is sent", async () => {
    const { investigationId, child } = await startVictim(store);
    await kill(child, "SIGKILL");

    const ledger = await store.open();
    const began = Date.now();
    const resumed: unknown[] = [];
    await ledger.commands.work(async (claimed) => {
      resumed.push([
        claimed.investigationId,
        (await ledger.investigation(investigationId))?.facts["stored"]?.state,
      ]);
      return "done";
    });
    const sent: unknown[] = [];
    const outbox = ledger.openOutbox(
      new Map([["say.it", async ({ payload }) => void sent.push(payload)]]),
    );
    outbox.start();
    await ledger.commands.ended(investigationId, AbortSignal.timeout(20_000));
    await outbox.drained();
    expect(resumed).toEqual([[investigationId, "known"]]);
    expect(sent).toEqual([investigationId]);
    // Not after a heartbeat or a lease of a minute.
    expect(Date.now() - began).toBeLessThan(15_000);
    const again = await ledger.commands.accept(
      (await import("./runs.ts")).command("21"),
      "q",
      "delivery-1",
    );
    expect(again).toMatchObject({ investigationId, joined: true });
    await outbox.stop();
    await ledger.commands.stop();
  }, 90_000);

  it.runIf(name === "postgres")(
    "takes nothing from a process that lives",
    async () => {
      await startVictim(store);
      const ledger = await store.open();
      let handedOut = 0;
      await ledger.commands.work(async () => {
        handedOut += 1;
        return "done";
      });
      const outbox = ledger.openOutbox(new Map([["say.it", async () => void (handedOut += 1)]]));
      outbox.start();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(handedOut).toBe(0);
      await outbox.stop(100);
      await ledger.commands.stop();
    },
    90_000,
  );

  it.runIf(name === "embedded")(
    "frees the directory; while the process lives, nobody else gets in",
    async () => {
      const { child } = await startVictim(store);
      await expect(store.open()).rejects.toThrow(`hokusai is already running, pid ${child.pid}`);
      await kill(child, "SIGKILL");
      const ledger = await store.open();
      expect(ledger.store).toBe("embedded");
    },
    90_000,
  );
});
