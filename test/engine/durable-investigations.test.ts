import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { defineCheck, found, ok, type Check } from "#core/check.ts";
import { systemClock } from "#core/clock.ts";
import type { Accepted, Claimed, Command, CommandQueue, WorkResult } from "#core/command-queue.ts";
import type { Diagnosis } from "#core/diagnosis.ts";
import { defineFact } from "#core/fact.ts";
import type { Incident, Ledger } from "#core/incident.ts";
import type { InvestigateRequest, View } from "#core/investigate.ts";
import { foldEvents, type InvestigationEvent } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import type { Ports } from "#core/ports.ts";
import { createRedactor } from "#core/redact.ts";
import type { Target } from "#core/target.ts";
import { createDurableInvestigations } from "#engine/durable-investigations.ts";
import type { EngineParts } from "#engine/run.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";

const target = { id: "21", service: { id: "api" } } as Target;
const facts = ["one", "two", "three"];
const plan: Plan = {
  id: "test",
  title: "test",
  symptoms: [],
  priorities: [{ level: 1, title: "all", minutes: 1, checks: facts.map((id) => `a/${id}`) }],
  hypotheses: [],
  other: {},
  healthyNeeds: [],
  chain: null,
  questions: [],
  successCriteria: [],
};
const diagnosis: Diagnosis = {
  verdict: "healthy",
  leading: [],
  inconclusiveBecause: null,
  probabilityHealthy: 1,
  hypotheses: [],
  why: [],
  nextChecks: [],
  nextSteps: [],
};

/** A queue in memory that outlives the processes of a test. */
function createQueue(ledger: Ledger) {
  const jobs = new Map<string, Claimed & { done: boolean }>();
  const waiting = new Map<string, () => void>();
  let interruptions = 0;
  const open = (): CommandQueue => {
    const going = new Set<Promise<void>>();
    let act: ((claimed: Claimed) => Promise<WorkResult>) | null = null;
    const work = async (job: Claimed & { done: boolean }): Promise<void> => {
      const result = await act?.({ ...job, interruptions });
      if (result !== "done") return;
      job.done = true;
      waiting.get(job.investigationId)?.();
    };
    const begin = (job: Claimed & { done: boolean }): void => {
      const turn = work(job);
      going.add(turn);
      void turn.finally(() => going.delete(turn));
    };
    return {
      async accept(command: Command): Promise<Accepted> {
        const incident = await ledger.openIncident(command.service, command.channel);
        const job = {
          investigationId: randomUUID(),
          incident,
          command,
          interruptions: 0,
          done: false,
        };
        jobs.set(job.investigationId, job);
        if (act !== null) begin(job);
        return { incident, investigationId: job.investigationId, joined: false };
      },
      async work(given) {
        act = given;
        for (const job of jobs.values()) if (!job.done) begin(job);
      },
      ended: (id, signal) =>
        new Promise((resolve, reject) => {
          if (jobs.get(id)?.done === true) resolve();
          waiting.set(id, resolve);
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      async stop() {
        act = null;
        await Promise.all(going);
      },
    };
  };
  return {
    open,
    interrupted(times: number) {
      interruptions = times;
    },
  };
}

/** One process: it shares the ledger and the queue with those before and after it. */
function createWorld() {
  const memory = createMemoryLedger(systemClock);
  const events = new Map<string, InvestigationEvent[]>();
  const ledger: Ledger = {
    ...memory,
    async append(incident, id, event) {
      await memory.append(incident, id, event);
      events.set(id, [...(events.get(id) ?? []), event]);
    },
    atomically: (work) => work(),
  };
  const queue = createQueue(ledger);
  const gathered: string[] = [];
  const shown: string[] = [];
  const problems: string[] = [];
  /** Facts that never answer, until they are let go. */
  const held = new Map<string, Promise<void>>();
  const all = facts.map((id) =>
    defineFact({
      id,
      needs: {},
      permissions: [],
      cost: "cheap",
      vantage: "aws",
      deadlineMs: 5_000,
      rereadable: true,
      gather: async () => {
        await held.get(id);
        gathered.push(id);
        return `${id}, reading ${gathered.length}`;
      },
    }),
  );
  const checks = all.map(
    (fact) =>
      defineCheck({
        id: `a/${fact.id}`,
        question: "Fine?",
        needs: { fact },
        noise: "read",
        outcomes: { good: ok("It is.") },
        judge: (values) => found("good", JSON.stringify(values)),
      }) as unknown as Check,
  );
  const engine: EngineParts = {
    checks: new Map(checks.map((check) => [check.id, check])),
    weigh: () => diagnosis,
    pivotal: () => [],
    ports: {} as Ports,
    clock: systemClock,
    redactor: createRedactor(),
    limits: {
      fastVerdictSeconds: 5,
      deepVerdictSeconds: 30,
      predictionsPerRun: 5,
      predictionsPerMinute: 10,
      predictionsPerDay: 100,
    },
    vantage: "internet",
  };
  const view: View = {
    onEvent: async (_incident: Incident, run, event) => {
      shown.push(
        event.type === "fact"
          ? `fact ${event.fact}`
          : `${event.type} ${run.id === "" ? "" : "run"}`,
      );
    },
    refresh: async () => undefined,
    close: () => undefined,
  };
  const startProcess = async (finishWithinMs = 20) => {
    const process = createDurableInvestigations({
      engineFor: () => engine,
      choosePlan: () => plan,
      ledger,
      views: [view],
      clock: systemClock,
      onProblem: (what, problem) => problems.push(`${what}: ${problem}`),
      commands: queue.open(),
      targetOf: (id) => (id === "21" ? target : null),
      finishWithinMs,
    });
    await process.start();
    return process;
  };
  return { ledger, queue, events, gathered, shown, problems, held, startProcess };
}

const request: InvestigateRequest = {
  target,
  plan: null,
  reported: null,
  asker: { door: "slack", id: "U1" },
  channel: "C1",
  ticket: null,
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("investigations that survive their process", () => {
  it("run to their end, written and shown", async () => {
    const { startProcess, events, problems } = createWorld();
    const process = await startProcess();
    const { investigationId: id, done } = await process.investigate(request);
    expect(await done).toMatchObject({ id, stopped: "complete" });
    expect(process.newest()).toBe(id);
    expect(events.get(id)?.[0]?.type).toBe("started");
    expect(events.get(id)?.at(-1)?.type).toBe("ended");
    await process.idle();
    await process.stop();
    expect(problems).toEqual([]);
  });

  it("go on in the next process: same run, no stored fact gathered or said again, one start, one end", async () => {
    const { startProcess, events, gathered, held, ledger } = createWorld();
    const letGo = Promise.withResolvers<void>();
    held.set("three", letGo.promise);
    const first = await startProcess();
    const { investigationId: id, incident } = await first.investigate(request);
    await pause(30);
    await first.stop();
    expect(gathered.toSorted()).toEqual(["one", "two"]);
    expect((await ledger.investigation(id))?.endedAt).toBeNull();

    held.clear();
    const second = await startProcess();
    await pause(50);
    const told = events.get(id) ?? [];
    expect(gathered).toHaveLength(3);
    expect(
      told
        .filter((event) => event.type === "fact")
        .map((event) => event.fact)
        .toSorted(),
    ).toEqual(["one", "three", "two"]);
    expect(told.filter(({ type }) => type === "started")).toHaveLength(1);
    expect(told.filter(({ type }) => type === "ended")).toHaveLength(1);
    const run = foldEvents(told);
    expect(run).toMatchObject({ id, stopped: "complete", earlier: {} });
    expect(run?.findings).toHaveLength(3);
    expect((await ledger.incident(incident.id))?.investigations).toEqual([id]);
    letGo.resolve();
    await second.stop();
    expect(gathered.filter((fact) => fact === "one")).toHaveLength(1);
  });

  it("are given the time to finish when the process is told to stop", async () => {
    const { startProcess, held } = createWorld();
    held.set("three", pause(150));
    const process = await startProcess(2_000);
    const { done } = await process.investigate(request);
    await pause(20);
    await process.stop();
    expect((await done).stopped).toBe("complete");
  });

  it("whose end was written and not shown are shown, and nothing else is done", async () => {
    const { startProcess, ledger, shown, gathered, queue, events } = createWorld();
    const { investigationId: id, incident } = await queue.open().accept(
      {
        model: "21",
        service: "api",
        plan: null,
        reported: null,
        asker: request.asker,
        channel: "C1",
        ticket: null,
      },
      "q",
      null,
    );
    const at = new Date().toISOString();
    await ledger.append(incident.id, id, {
      type: "started",
      at,
      id,
      target,
      plan,
      reported: null,
      asker: request.asker,
      vantage: "internet",
    });
    await ledger.append(incident.id, id, { type: "ended", at, stopped: "complete" });
    const process = await startProcess();
    await pause(20);
    await process.stop();
    expect(shown).toEqual(["ended run"]);
    expect(gathered).toEqual([]);
    expect(events.get(id)).toHaveLength(2);
  });

  it.each([
    ["was broken off too often", 30, 0, /broken off 30 times/u],
    ["is too old to go on", 1, 20 * 60_000, /too long ago/u],
  ])("a run that %s ends with that as its last word", async (_name, times, ageMs, word) => {
    const { startProcess, ledger, queue, gathered } = createWorld();
    const { investigationId: id, incident } = await queue.open().accept(
      {
        model: "21",
        service: "api",
        plan: null,
        reported: null,
        asker: request.asker,
        channel: "C1",
        ticket: null,
      },
      "q",
      null,
    );
    const at = new Date(Date.now() - ageMs).toISOString();
    await ledger.append(incident.id, id, {
      type: "started",
      at,
      id,
      target,
      plan,
      reported: null,
      asker: request.asker,
      vantage: "internet",
    });
    queue.interrupted(times);
    const process = await startProcess();
    await pause(20);
    await process.stop();
    expect(await ledger.investigation(id)).toMatchObject({
      stopped: "failed",
      problem: expect.stringMatching(word),
    });
    expect(gathered).toEqual([]);
  });

  it("hand over when the record cannot be written", async () => {
    const { startProcess, ledger, events, problems, gathered } = createWorld();
    const append = ledger.append.bind(ledger);
    let broken = true;
    ledger.append = async (incident, id, event) => {
      if (broken && event.type === "fact") throw new Error("no connection");
      await append(incident, id, event);
    };
    const first = await startProcess();
    const { investigationId: id } = await first.investigate(request);
    await pause(50);
    await first.stop();
    expect(problems).toContain("ledger: no connection");
    expect(events.get(id)?.map(({ type }) => type)).toEqual(["started"]);

    broken = false;
    const second = await startProcess();
    await pause(50);
    await second.stop();
    expect((await ledger.investigation(id))?.stopped).toBe("complete");
    expect(gathered).toHaveLength(6);
  });
});
