import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "#ledger/migrate.ts";
import { migrations } from "#ledger/migrations.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import { command, events } from "./runs.ts";
import { createTestClock, stores, type Store } from "./stores.ts";

const day = 86_400_000;

describe.each(stores)("upkeep, $name", ({ make }) => {
  const clock = createTestClock();
  const audited: unknown[] = [];
  let store: Store;
  let ledger: DurableLedger;
  beforeAll(async () => {
    store = await make();
    ledger = await store.open({ clock, onAudit: (row) => audited.push(row) });
  }, 120_000);
  afterAll(() => store.remove());
  const now = (): string => new Date(clock.now()).toISOString();

  const incidentWith = async (...models: string[]) => {
    const { id } = await ledger.openIncident(randomUUID(), "C1");
    const runs: string[] = [];
    for (const model of models) {
      const run = randomUUID();
      runs.push(run);
      await ledger.append(id, run, events.started(run, model, now()));
      await ledger.append(id, run, events.fact("f", 1, now()));
      await ledger.append(id, run, events.ended(now()));
      clock.forward(1_000);
    }
    return { id, runs };
  };

  it("splits runs off into an incident of their own, which later questions do not join", async () => {
    const { id, runs } = await incidentWith("a", "b", "c");
    const split = await ledger.splitIncident(id, [runs[1] ?? ""]);
    expect(split.investigations).toEqual([runs[1]]);
    const kept = await ledger.incident(id);
    expect(kept?.investigations).toEqual([runs[0], runs[2]]);
    expect((await ledger.openIncident(split.service, "C1")).id).toBe(id);
    await expect(ledger.splitIncident(id, [randomUUID()])).rejects.toThrow(/belong/u);
    expect((await ledger.openIncidents()).map((row) => row.id)).toEqual(
      expect.arrayContaining([id, split.id]),
    );
  });

  it("merges an incident into another, and back into a split-off one", async () => {
    const { id, runs } = await incidentWith("a", "b");
    const split = await ledger.splitIncident(id, [runs[1] ?? ""]);
    const merged = await ledger.mergeIncidents(id, split.id);
    expect(merged.investigations).toEqual(runs);
    expect(await ledger.incident(id)).toMatchObject({ mergedInto: split.id, investigations: [] });
    expect((await ledger.incident(id))?.closedAt).not.toBeNull();
    expect((await ledger.openIncident(split.service, "C1")).id).toBe(split.id);
    await expect(ledger.mergeIncidents(split.id, split.id)).rejects.toThrow(/itself/u);
    await expect(ledger.mergeIncidents(split.id, id)).rejects.toThrow(/closed/u);
  });

  it("closes an incident once", async () => {
    const { id } = await incidentWith();
    const closed = await ledger.closeIncident(id);
    clock.forward(60_000);
    expect((await ledger.closeIncident(id)).closedAt).toBe(closed.closedAt);
  });

  it("writes the audit, tells it, and lets nobody change it", async () => {
    const entry = {
      actor: "U1",
      channel: "C1",
      action: "close",
      target: "incident-1",
      decision: "denied",
      detail: { why: "policy" },
    } as const;
    await ledger.audit.record(entry);
    expect((await ledger.audit.newest(1))[0]).toEqual({ at: now(), ...entry });
    expect(audited.at(-1)).toEqual({ at: now(), ...entry });
    for (const statement of [
      "update hokusai.audit set actor = 'U2'",
      "delete from hokusai.audit",
      "truncate hokusai.audit",
    ]) {
      await expect(ledger.sql.rows(statement)).rejects.toThrow(/append-only/u);
    }
  });

  it("prunes what is old and nothing that is in use; a dry run only counts", async () => {
    const open = await incidentWith("old-run");
    const stopped = { arn: "arn:1", stoppedAt: now(), stoppedReason: "OutOfMemoryError" };
    await ledger.append(
      open.id,
      open.runs[0] ?? "",
      events.fact("ecs-stopped-tasks", [stopped], now()),
    );
    const closed = await incidentWith("closed");
    await ledger.closeIncident(closed.id);
    await ledger.recordPosted({ key: `${open.id}/root`, ref: "1", hash: "", url: null });
    await ledger.recordPosted({ key: `${closed.id}/root`, ref: "2", hash: "", url: null });
    await ledger.audit.record({
      actor: null,
      channel: null,
      action: "prune",
      target: null,
      decision: "allowed",
    });
    const { investigationId: accepted } = await ledger.commands.accept(
      command("z"),
      randomUUID(),
      randomUUID(),
    );
    clock.forward(91 * day);
    const kept = await incidentWith("new");

    const counted = await ledger.prune({}, true);
    expect(counted).toMatchObject({ posted: 1, inbound: 1, stoppedTasks: 1 });
    expect(await ledger.investigation(closed.runs[0] ?? "")).not.toBeNull();
    const gone = await ledger.prune();
    expect(gone.investigations).toBe(counted.investigations);
    expect(gone.incidents).toBeGreaterThanOrEqual(1);
    expect(gone.audit).toBe(0);

    expect(await ledger.incident(closed.id)).toBeNull();
    expect(await ledger.posted(`${closed.id}/root`)).toBeNull();
    expect(await ledger.incident(open.id)).toMatchObject({ id: open.id, investigations: [] });
    expect(await ledger.posted(`${open.id}/root`)).not.toBeNull();
    expect((await ledger.incident(kept.id))?.investigations).toEqual(kept.runs);
    expect(
      await ledger.sql.row("select id from hokusai.investigation where id = $1", [accepted]),
    ).not.toBeNull();
    expect(
      await ledger.sql.row(
        "select count(*)::int as n from hokusai.event where investigation = $1",
        [closed.runs[0]],
      ),
    ).toEqual({ n: 0 });

    clock.forward(400 * day);
    expect((await ledger.prune()).audit).toBeGreaterThanOrEqual(2);
  });

  it("migrates forward once, and runs on a newer schema that says so", async () => {
    const { sql } = ledger;
    const newest = migrations.at(-1)?.version ?? 0;
    const next = (version: number, readableFrom: number) => ({
      version,
      name: "test",
      readableFrom,
      sql: `alter table hokusai.incident add column test_${version} text`,
    });
    const later = [...migrations, next(newest + 1, newest)];
    await migrate(sql, later);
    await migrate(sql, later);
    // This version on the next one's schema: a rolling deployment, or a step back.
    await migrate(sql);
    const again = await store.open().catch((error: unknown) => error);
    // The embedded one is held by this process; that is said, and not that the schema is wrong.
    expect(String(again)).not.toMatch(/schema/u);
    expect((await ledger.openIncident(randomUUID(), null)).closedAt).toBeNull();

    await migrate(sql, [...later, next(newest + 2, newest + 1)]);
    await expect(migrate(sql)).rejects.toThrow(
      `schema is version ${newest + 2}; this program knows ${newest}`,
    );
  });

  it("takes a migration back that fails half-way", async () => {
    const { sql } = ledger;
    const broken = {
      version: 1_000,
      name: "broken",
      readableFrom: 1,
      sql: "create table hokusai.half (id int); select nothing_like_this",
    };
    await expect(migrate(sql, [broken])).rejects.toThrow(/nothing_like_this/u);
    expect(await sql.row("select to_regclass('hokusai.half') as name")).toEqual({ name: null });
  });
});
