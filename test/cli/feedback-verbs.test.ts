import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gathered } from "#core/fact.ts";
import type { InvestigationEvent } from "#core/investigation.ts";
import { slots } from "#core/slots.ts";
import { choosePlan, loadConfig } from "../../src/compose.ts";
import { stores, type Store } from "../ledger/contract/stores.ts";
import { diagnosis, hypothesis } from "../reports/example-run.ts";
import { runOn } from "./run-on.ts";

const at = "2026-11-21T02:47:00.000Z";
const scaledToZero: Gathered = {
  state: "known",
  at,
  tookMs: 1,
  value: { name: "api", status: "ACTIVE", desired: 0, running: 0, pending: 0 },
};

describe.each(stores)("hokusai incident feedback and eval --ledger, $name", ({ name, make }) => {
  let store: Store;
  let incident = "";
  const [wrong, unclear] = [randomUUID(), randomUUID()];

  /** Accused Redis, although its facts show a service that was scaled to zero. */
  beforeAll(async () => {
    store = await make();
    const config = await loadConfig({ env: { AWS_REGION: "us-east-1" }, cwd: process.cwd() });
    const [target] = config.models;
    if (target === undefined) throw new Error("the shipped catalogue has no model");
    const plan = choosePlan(config, null, null);
    const asker = { door: "slack", id: "U1" } as const;
    const eventsOf = (id: string, verdict: "fault" | "inconclusive"): InvestigationEvent[] => [
      { type: "started", at, id, target, plan, reported: null, asker, vantage: "internet" },
      { type: "fact", at, fact: "ecs-service", gathered: scaledToZero },
      {
        type: "verdict",
        at,
        depth: "deep",
        diagnosis: diagnosis({
          verdict,
          leading: verdict === "fault" ? ["redis-down"] : [],
          hypotheses: [hypothesis("redis-down", verdict === "fault" ? 0.9 : 0.3)],
        }),
      },
      { type: "ended", at, stopped: "complete" },
    ];
    const ledger = await store.open();
    incident = (await ledger.openIncident("hokusai-api", "C1")).id;
    for (const event of eventsOf(wrong, "fault")) await ledger.append(incident, wrong, event);
    for (const event of eventsOf(unclear, "inconclusive"))
      await ledger.append(incident, unclear, event);
    const key = slots.mention(incident, wrong);
    await ledger.recordPosted({ key, ref: "1.1", hash: "", url: null });
    await ledger.close();
  }, 120_000);
  afterAll(() => store.remove());

  const run = (...argv: string[]) => runOn(store, argv, { AWS_REGION: "us-east-1" });

  it("say what to do while there is none", async () => {
    const { code, out } = await run("eval", "--ledger");
    expect(code).toBe(0);
    expect(out).toContain("No past investigation has feedback yet");
    expect(out).toContain("hokusai incident feedback <run> right");
    expect(JSON.parse((await run("eval", "--ledger", "--json")).out)).toEqual({
      schemaVersion: 1,
      investigations: 0,
      strata: [],
      disagreements: [],
      leftOut: [],
    });
  });

  it("keep what it was, and put it under the verdict in Slack", async () => {
    const note = "scaled down with hk_live_abcdef";
    const kept = await run(
      "incident",
      "feedback",
      wrong.toUpperCase(),
      "service-not-running",
      "--note",
      note,
    );
    expect(kept).toMatchObject({ code: 0, err: "" });
    const when = name === "postgres" ? "within seconds" : "at the bot's next start";
    expect(kept.out).toBe(
      `Kept: it was service not running. Its thread in Slack shows it ${when}.\n`,
    );
    expect((await run("incident", "feedback", unclear, "nothing")).out).toBe(
      "Kept: nothing was wrong.\n",
    );

    const ledger = await store.open();
    const [effect] = await ledger.openOutbox(new Map()).list(["waiting"]);
    expect(effect?.key).toContain(`${slots.mention(incident, wrong)}/edit/`);
    const stored = [
      await ledger.feedback(wrong),
      await ledger.sql.rows("select payload from hokusai.effect"),
      await ledger.audit.newest(),
    ];
    await ledger.close();
    expect(stored[0]).toMatchObject([
      {
        by: "terminal",
        causes: ["service-not-running"],
        note: "scaled down with [api key removed]",
      },
    ]);
    expect(JSON.stringify(stored)).toContain("it was service not running");
    expect(JSON.stringify(stored)).not.toContain("hk_live_abcdef");
  });

  it.each([
    [["right"], /names no cause that could be right/u],
    [["redis-dwn"], /did you mean redis-down/u],
    [["nothing", "redis-down"], /stands alone/u],
  ])("refuse %j", async (words, sentence) => {
    const { code, err } = await run("incident", "feedback", unclear, ...words);
    expect(code).toBe(64);
    expect(err).toMatch(sentence);
  });

  it.each([
    [["incident", "feedback", randomUUID(), "right"], /There is no run/u],
    [["incident", "feedback", "yesterday's", "right"], /There is no run/u],
    [["incident", "feedback", "x"], /no way to use incident/u],
    [["eval"], /eval takes: hokusai eval --ledger/u],
    [["eval", "--ledger", "all"], /eval takes/u],
  ])("%j: exit 64", async (argv, sentence) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(64);
    expect(err).toMatch(sentence);
  });

  it("score what was said then, and what would be said now of the same facts", async () => {
    const { code, out } = await run("eval", "--ledger");
    expect(code).toBe(0);
    expect(out).toContain("2 past investigations have feedback.");
    expect(out).toMatch(/^single \(1\)/mu);
    expect(out).toMatch(/^healthy \(1\)/mu);
    expect(out).toMatch(/^ {2}top-1 +0\.0% \(0-79\) +100\.0% \(21-100\)$/mu);
    expect(out).toContain("it was: service-not-running (terminal, ");
    expect(out).toMatch(/then: {3}accuses redis-down\n +now: {4}right\n/u);
    expect(out).not.toContain("hk_live_abcdef");
    const document = JSON.parse((await run("eval", "--ledger", "--json")).out) as {
      strata: { stratum: string; cases: number }[];
      disagreements: { id: string; before: object; now: object }[];
    };
    expect(document.strata.map(({ stratum, cases }) => [stratum, cases])).toEqual([
      ["single", 1],
      ["healthy", 1],
    ]);
    expect(document.disagreements.find(({ id }) => id === wrong)).toMatchObject({
      before: { verdict: "fault", leading: ["redis-down"], mistake: "accuses redis-down" },
      now: { verdict: "fault", leading: ["service-not-running"], mistake: null },
    });
  });

  it("a later word takes the place of an earlier one", async () => {
    await run("incident", "feedback", wrong, "right");
    const { out } = await run("eval", "--ledger");
    expect(out).toMatch(/it was: redis-down/u);
    expect(out).toMatch(/then: {3}right\n +now: {4}accuses service-not-running\n/u);
  });
});
