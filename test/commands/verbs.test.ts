import { describe, expect, it } from "vitest";
import { runCheck, toReported } from "#commands/check.ts";
import type { CheckCommand } from "#commands/command.ts";
import { vocabularyOf } from "#commands/command.ts";
import { helpText, runHelp } from "#commands/help.ts";
import { parseCommand } from "#commands/parse.ts";
import { runStatus } from "#commands/status.ts";
import { toIso } from "#commands/time.ts";
import { loadConfig } from "#config/load.ts";
import type { Diagnosis, RunVerdict } from "#core/diagnosis.ts";
import type { InvestigateRequest } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import { vocabulary } from "./vocabulary.ts";

const now = Date.parse("2025-11-07T02:59:00Z");
const clock = { now: () => now };
const config = await loadConfig({ env: {}, cwd: import.meta.dirname });
const target = config.models[0];
if (target === undefined) throw new Error("the shipped catalogue has no model");

const command: CheckCommand = {
  verb: "check",
  model: "21",
  plan: null,
  ticket: "HOK-123",
  complaint: {
    symptom: "405",
    url: null,
    method: null,
    at: { kind: "ago", ms: 60_000 },
    requestId: null,
  },
};

describe("check", () => {
  const asker = { door: "slack", id: "U1" } as const;

  it("starts a run of the catalogue's model with what was reported", async () => {
    const requests: InvestigateRequest[] = [];
    const started = { investigationId: "run-1", joined: false } as never;
    const answer = await runCheck(command, {
      config,
      clock,
      asker,
      channel: "C1",
      investigate: (request) => {
        requests.push(request);
        return Promise.resolve(started);
      },
    });
    expect(answer.started).toBe(started);
    expect(requests).toEqual([
      {
        target,
        plan: null,
        reported: {
          symptom: "405",
          url: null,
          method: "POST",
          at: "2025-11-07T02:58:00.000Z",
          requestId: null,
        },
        asker,
        channel: "C1",
        ticket: "HOK-123",
      },
    ]);
  });

  it.each([
    [{ ...command, model: "99" }, "There is no model 99"],
    [{ ...command, plan: "none-such" }, "There is no plan none-such"],
  ])("refuses what the catalogue does not have", async (wrong, sentence) => {
    const investigate = () => Promise.reject(new Error("must not be asked"));
    const error: unknown = await runCheck(wrong, {
      config,
      clock,
      asker,
      channel: null,
      investigate,
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: "usage",
      exitCode: 64,
      message: expect.stringContaining(sentence) as string,
    });
  });

  it("reports nothing where nobody complained", () => {
    const nothing = { symptom: null, url: null, method: null, at: null, requestId: null };
    expect(toReported(nothing, now)).toBeNull();
    expect(toReported({ ...nothing, method: "GET" }, now)).toMatchObject({
      method: "GET",
      symptom: null,
    });
  });

  it.each([
    [{ kind: "of-day", seconds: 2 * 3_600 } as const, "2025-11-07T02:00:00.000Z"],
    [{ kind: "of-day", seconds: 14 * 3_600 } as const, "2025-11-06T14:00:00.000Z"],
    [{ kind: "ago", ms: 0 } as const, "2025-11-07T02:59:00.000Z"],
  ])("%o is the latest such moment", (moment, iso) => {
    expect(toIso(moment, now)).toBe(iso);
  });
});

describe("status", () => {
  const newestResult = () => Promise.resolve(null);
  const diagnosis = (verdict: RunVerdict): Diagnosis => ({
    verdict,
    leading: verdict === "fault" ? ["auth-unreachable"] : [],
    inconclusiveBecause: null,
    probabilityHealthy: 0,
    hypotheses: [
      {
        id: "auth-unreachable",
        claim: "the auth middleware waits on an auth service that does not answer",
        probability: 0.97,
        verdict: "confirmed",
        because: [],
        maskedBy: [],
        side: "service",
      },
    ],
    why: [],
    nextChecks: [],
    nextSteps: [],
  });
  type Ending = Pick<Investigation, "diagnosis" | "startedAt" | "endedAt" | "stopped">;
  const run = (change: Partial<Ending>): Investigation => ({
    id: "run-1",
    target,
    plan: { id: "p", priorities: [] } as never,
    reported: null,
    asker: { door: "slack", id: "U1" },
    vantage: "internet",
    startedAt: "2025-11-07T02:57:49.000Z",
    endedAt: "2025-11-07T02:58:00.000Z",
    stopped: "complete",
    problem: null,
    findings: [],
    notRun: [],
    diagnosis: diagnosis("fault"),
    depth: "deep",
    fastAfterMs: 2_000,
    endedAfterMs: 11_000,
    facts: {},
    earlier: {},
    ...change,
  });
  const status = (newest: Investigation | null, result: Investigation | null = null) =>
    runStatus(
      { model: "21" },
      {
        config,
        clock,
        ledger: {
          newestInvestigation: () => Promise.resolve(newest),
          newestResult: () => Promise.resolve(result),
        },
      },
    );

  it.each([
    ["fault", run({})],
    ["healthy", run({ diagnosis: diagnosis("healthy") })],
    ["not-reproduced", run({ diagnosis: diagnosis("not-reproduced") })],
    ["inconclusive", run({ diagnosis: diagnosis("inconclusive") })],
    ["no-verdict", run({ diagnosis: null, stopped: "cancelled" })],
  ])("%s, with its age", async (state, newest) => {
    const answer = await status(newest);
    expect(answer).toMatchObject({
      state,
      asOf: "2025-11-07T02:58:00.000Z",
      ageMs: 60_000,
      running: false,
    });
    expect(answer.text).toMatch(/1 minute old/u);
  });

  it("says that a check runs", async () => {
    const answer = await status(run({ diagnosis: null, endedAt: null, stopped: null }));
    expect(answer).toMatchObject({
      state: "checking",
      running: true,
      asOf: "2025-11-07T02:57:49.000Z",
    });
  });

  describe("while a check runs that has nothing to say yet", () => {
    const silent = run({
      startedAt: "2025-11-07T02:57:49.000Z",
      diagnosis: null,
      endedAt: null,
      stopped: null,
    });
    const endedAt = (at: string) => run({ startedAt: at, endedAt: at });

    it("gives the last result, and since when a new check runs", async () => {
      const answer = await status(silent, endedAt("2025-11-07T02:40:00.000Z"));
      expect(answer).toMatchObject({
        state: "fault",
        running: true,
        asOf: "2025-11-07T02:40:00.000Z",
        ageMs: 19 * 60_000,
      });
      expect(answer.text).toBe(
        "We found a fault with Lead scoring (model 21); how it shows to customers is not known yet. Other products were not checked. (as of 02:40 UTC, 19 minutes old; a new check is running since 02:57 UTC)",
      );
    });

    it.each([
      ["there is none", null],
      ["it is of another incident", endedAt("2025-11-06T14:00:00.000Z")],
    ])("says that there is no result yet where %s", async (_name, result) => {
      const answer = await status(silent, result);
      expect(answer).toMatchObject({ state: "checking", running: true });
      expect(answer.text).toContain("there is no result yet");
    });

    it("gives its own first verdict as soon as it has one", async () => {
      const early = { ...silent, diagnosis: diagnosis("healthy"), depth: "fast" as const };
      const answer = await status(early, endedAt("2025-11-07T02:40:00.000Z"));
      expect(answer.state).toBe("healthy");
      expect(answer.text).not.toContain("a new check");
    });
  });

  it("uses no internal name in its text", async () => {
    const { text } = await status(run({}));
    expect(text).toContain("Lead scoring (model 21)");
    expect(text).not.toMatch(/auth-unreachable|middleware|hokusai-api|development|ecs/iu);
  });

  it("names the ticket that the incident has", async () => {
    const ledger = { newestInvestigation: () => Promise.resolve(run({})), newestResult };
    const ticketOf = () => Promise.resolve("HOK-123");
    expect((await runStatus({ model: "21" }, { config, clock, ledger, ticketOf })).text).toContain(
      "HOK-123",
    );
  });

  it("says how to start a check where there was none", async () => {
    const answer = await status(null);
    expect(answer).toMatchObject({
      state: "never-checked",
      asOf: null,
      ageMs: null,
      investigation: null,
    });
    expect(answer.text).toContain("check model 21");
  });

  it.each([
    ["hangs", () => new Promise<never>(() => undefined)],
    ["fails", () => Promise.reject(new Error("connection refused 10.0.0.7:5432"))],
  ])("answers in its time when the ledger %s", async (_, newestInvestigation) => {
    const started = performance.now();
    const answer = await runStatus(
      { model: "21" },
      { config, clock, ledger: { newestInvestigation, newestResult }, deadlineMs: 50 },
    );
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(answer.state).toBe("unavailable");
    expect(answer.text).not.toContain("10.0.0.7");
  });

  it("refuses a model that is not in the catalogue", async () => {
    const ledger = { newestInvestigation: () => Promise.resolve(null), newestResult };
    await expect(runStatus({ model: "99" }, { config, clock, ledger })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("help", () => {
  it("gives examples that are commands", () => {
    for (const words of [vocabulary, vocabularyOf(config)]) {
      for (const { example } of runHelp(words).commands)
        expect(parseCommand(example, words).verb).not.toBe("misunderstood");
    }
  });

  it("names every model, plan and flag", () => {
    const text = helpText(runHelp(vocabulary), "/hokusai", [
      { usage: "--json", means: "print one JSON document" },
    ]);
    for (const word of [
      "/hokusai check model 21",
      "LSCOR",
      "churn-7",
      "connection-405",
      "--request-id <id>",
      "--json",
    ]) {
      expect(text).toContain(word);
    }
  });

  it("can be asked before there is any model or plan", () => {
    expect(helpText(runHelp({ models: [], plans: [] }), "")).toContain("Plans: none");
  });
});
