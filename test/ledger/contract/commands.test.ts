import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Claimed } from "#core/command-queue.ts";
import { createRedactor } from "#core/redact.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import { command, events } from "./runs.ts";
import { stores, type Store } from "./stores.ts";

const now = (): string => new Date().toISOString();
const soon = (ms = 10_000): AbortSignal => AbortSignal.timeout(ms);

describe.each(stores)("commands, $name", ({ name, make }) => {
  let store: Store;
  let ledger: DurableLedger;
  beforeAll(async () => {
    store = await make();
    return () => store.remove();
  }, 120_000);
  const open = async (): Promise<DurableLedger> => (ledger = await store.open());
  afterEach(async () => {
    await ledger.commands.stop();
    await ledger.sql.rows("delete from hokusai.investigation");
    await ledger.sql.rows("delete from hokusai_jobs.job");
    await ledger.close();
    store.problems();
  });

  it("are one run for the same question, however many ask at once", async () => {
    await open();
    const question = randomUUID();
    const accepted = await Promise.all(
      Array.from({ length: 10 }, () => ledger.commands.accept(command("21"), question, null)),
    );
    expect(new Set(accepted.map(({ investigationId }) => investigationId)).size).toBe(1);
    expect(accepted.filter(({ joined }) => !joined)).toHaveLength(1);
    const other = await ledger.commands.accept(command("21"), randomUUID(), null);
    expect(other).toMatchObject({ joined: false, incident: { id: accepted[0]?.incident.id } });
  });

  it("are one command when they are delivered twice, also after the run", async () => {
    await open();
    const delivery = randomUUID();
    const first = await ledger.commands.accept(command("21"), "q", delivery);
    await ledger.commands.work(async () => "done");
    await ledger.commands.ended(first.investigationId, soon());
    const again = await ledger.commands.accept(command("21"), "q", delivery);
    expect(again).toMatchObject({ joined: true, investigationId: first.investigationId });
    const anew = await ledger.commands.accept(command("21"), "q", randomUUID());
    expect(anew).toMatchObject({ joined: false });
    expect(anew.investigationId).not.toBe(first.investigationId);
  });

  it("are handed out once, with what was asked", async () => {
    await open();
    const seen: Claimed[] = [];
    await ledger.commands.work(async (claimed) => {
      seen.push(claimed);
      return "done";
    });
    const asked = command("27", {
      plan: "model-api-timeout",
      ticket: "HOK-4",
      reported: { symptom: "timeout", url: null, method: "POST", at: null, requestId: null },
    });
    const { investigationId, incident } = await ledger.commands.accept(asked, "q", null);
    await ledger.commands.ended(investigationId, soon());
    expect(seen).toEqual([{ investigationId, incident, command: asked, interruptions: 0 }]);
    expect(incident.ticket).toBe("HOK-4");
    const again = await ledger.commands.accept(asked, "q", null);
    expect(
      (await ledger.audit.newest(2)).map(({ actor, action, target }) => [actor, action, target]),
    ).toEqual([
      ["U1", again.joined ? "join" : "investigate", "27"],
      ["U1", "investigate", "27"],
    ]);
  });

  it("are handed out in good time, side by side", async () => {
    await open();
    let active = 0;
    let most = 0;
    await ledger.commands.work(async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setTimeout(resolve, 200));
      active -= 1;
      return "done";
    });
    const began = Date.now();
    const accepted = await Promise.all(
      [1, 2, 3, 4].map((n) => ledger.commands.accept(command(String(n)), String(n), null)),
    );
    await Promise.all(
      accepted.map(({ investigationId }) => ledger.commands.ended(investigationId, soon())),
    );
    expect(most).toBeGreaterThan(1);
    expect(Date.now() - began).toBeLessThan(3_000);
  });

  it("that were accepted and not begun are handed out after a restart", async () => {
    await open();
    const { investigationId } = await ledger.commands.accept(command("21"), "q", null);
    await ledger.close();
    await open();
    const seen: string[] = [];
    await ledger.commands.work(async (claimed) => {
      seen.push(claimed.investigationId);
      return "done";
    });
    await ledger.commands.ended(investigationId, soon());
    expect(seen).toEqual([investigationId]);
  });

  it("that were handed over go on where they were", async () => {
    await open();
    const { investigationId: id, incident } = await ledger.commands.accept(
      command("21"),
      "q",
      null,
    );
    const begun = Promise.withResolvers<void>();
    await ledger.commands.work(async () => {
      await ledger.append(incident.id, id, events.started(id, "21", now()));
      await ledger.append(incident.id, id, events.fact("f", 1, now()));
      begun.resolve();
      return "hand-over";
    });
    await begun.promise;
    await ledger.commands.stop();
    await ledger.close();
    await open();
    const seen: unknown[] = [];
    await ledger.commands.work(async (claimed) => {
      seen.push([
        claimed.interruptions > 0,
        Object.keys((await ledger.investigation(id))?.facts ?? {}),
      ]);
      return "done";
    });
    await ledger.commands.ended(id, soon());
    expect(seen).toEqual([[true, ["f"]]]);
  });

  it("whose work fails are tried again", async () => {
    await open();
    let tries = 0;
    await ledger.commands.work(async () => {
      tries += 1;
      if (tries === 1) throw new Error("oops");
      return "done";
    });
    const { investigationId } = await ledger.commands.accept(command("21"), "q", null);
    await ledger.commands.ended(investigationId, soon());
    expect(tries).toBe(2);
    expect(store.problems().join()).toContain("oops");
  });

  it("are kept without the secrets that were pasted into them", async () => {
    ledger = await store.open({ redactor: createRedactor(["exactly-this-one"]) });
    const url = "https://api.test/predict?key=hk_live_0123456789abcdef&x=exactly-this-one";
    const reported = { symptom: null, url, method: "POST", at: null, requestId: null };
    const { investigationId } = await ledger.commands.accept(
      command("21", { reported }),
      `q ${url}`,
      null,
    );
    const rows = await ledger.sql.rows(
      "select row_to_json(i)::text as whole from hokusai.investigation i where id = $1",
      [investigationId],
    );
    const jobs = await ledger.sql.rows(
      "select row_to_json(j)::text as whole from hokusai_jobs.job j",
    );
    const stored = JSON.stringify([rows, jobs]);
    expect(stored).toContain("removed]");
    expect(stored).not.toMatch(/hk_live|exactly-this-one/u);
  });

  it("stop with what runs, and hand out nothing more", async () => {
    await open();
    let finished = false;
    const begun = Promise.withResolvers<void>();
    await ledger.commands.work(async () => {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 200));
      finished = true;
      return "done";
    });
    await ledger.commands.accept(command("21"), "one", null);
    await begun.promise;
    await ledger.commands.stop();
    expect(finished).toBe(true);
    const late = await ledger.commands.accept(command("21"), "two", null);
    await expect(ledger.commands.ended(late.investigationId, soon(300))).rejects.toThrow(
      /timeout/u,
    );
  });

  it("tell at once when who waits gives up", async () => {
    await open();
    const { investigationId } = await ledger.commands.accept(command("21"), "q", null);
    await expect(
      ledger.commands.ended(investigationId, AbortSignal.abort(new Error("enough"))),
    ).rejects.toThrow("enough");
  });

  it("whose work another process took over are not written by the first", async () => {
    await open();
    const { investigationId: id, incident } = await ledger.commands.accept(
      command("21"),
      "q",
      null,
    );
    await ledger.append(incident.id, id, events.started(id, "21", now()));
    await ledger.sql.rows("update hokusai.investigation set owner = $2 where id = $1", [
      id,
      ledger.sql.home.owner + 1,
    ]);
    await expect(ledger.append(incident.id, id, events.ended(now()))).rejects.toThrow(
      /worked on by another process/u,
    );
    expect((await ledger.investigation(id))?.endedAt).toBeNull();
  });

  it.runIf(name === "postgres")("are shared by two processes, each worked on by one", async () => {
    await open();
    const second = await store.open();
    try {
      const seen: string[] = [];
      for (const one of [ledger, second]) {
        await one.commands.work(async ({ investigationId }) => {
          seen.push(investigationId);
          await new Promise((resolve) => setTimeout(resolve, 30));
          return "done";
        });
      }
      const accepted = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? ledger : second).commands.accept(command(String(n)), String(n), null),
        ),
      );
      // Each waits at the process that did not accept it.
      await Promise.all(
        accepted.map(({ investigationId }, n) =>
          (n % 2 === 0 ? second : ledger).commands.ended(investigationId, soon()),
        ),
      );
      expect(seen.toSorted()).toEqual(
        accepted.map(({ investigationId }) => investigationId).toSorted(),
      );
    } finally {
      await second.commands.stop();
      await second.close();
    }
  });
});
