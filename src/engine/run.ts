import { factsOf, type Check } from "#core/check.ts";
import { isoTime, type Clock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import type { CheckShape, Diagnosis, Pivotal, Weigh, WeighInput } from "#core/diagnosis.ts";
import { messageOf } from "#core/errors.ts";
import type { Fact, Gathered, ProbeVantage } from "#core/fact.ts";
import {
  foldEvent,
  type Asker,
  type Emit,
  type Investigation,
  type InvestigationEvent,
} from "#core/investigation.ts";
import { checksOf, type Plan } from "#core/plan.ts";
import type { Ports } from "#core/ports.ts";
import type { Redactor } from "#core/redact.ts";
import type { Reported, Target } from "#core/target.ts";
import { gatherOne, type GatherSetting } from "./gather.ts";
import { judgeAll, judgeOne, judgeReadings } from "./judge.ts";
import { rereadRounds, Rereads } from "./rereads.ts";

export interface RunRequest {
  /** UUID of the investigation. */
  readonly id: string;
  readonly target: Target;
  readonly plan: Plan;
  readonly reported: Reported | null;
  readonly asker: Asker;
  /** Who asks approved a look from inside the running container, for this run only. */
  readonly inside?: boolean;
  /** Facts of an interrupted run, by id: they are not gathered again. */
  readonly known?: Readonly<Record<string, Gathered>>;
  /** The fold of an interrupted run: it goes on from there, and nothing it has is said or gathered again. */
  readonly soFar?: Investigation | null;
}

export interface EngineParts {
  /** Every registered check, by id. */
  readonly checks: ReadonlyMap<string, Check>;
  readonly weigh: Weigh;
  readonly pivotal: Pivotal;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly limits: Config["limits"];
  /** From where the probe port looks. */
  readonly vantage: ProbeVantage;
}

/**
 * Runs a plan: each fact once and side by side, checks as their facts settle, a fast verdict from
 * the cheap facts, a deep one from all. Always ends with an "ended" event, whatever goes wrong.
 */
export async function runInvestigation(
  request: RunRequest,
  parts: EngineParts,
  emit: Emit,
  cancel?: AbortSignal,
): Promise<Investigation> {
  const { clock, limits, vantage } = parts;
  const soFar = request.soFar ?? null;
  const startedAt = soFar === null ? clock.now() : Date.parse(soFar.startedAt);
  let state: Investigation | null = soFar;
  const say = (event: InvestigationEvent): void => {
    state = foldEvent(state, event);
    emit(event);
  };
  const now = (): string => isoTime(clock.now());
  const { id, target, plan, reported, asker } = request;
  const inside = request.inside === true;
  if (soFar === null) {
    const approved = inside ? { inside } : {};
    const at = isoTime(startedAt);
    say({ type: "started", at, id, target, plan, reported, asker, vantage, ...approved });
  }

  const ending = new AbortController();
  const total = AbortSignal.timeout(limits.deepVerdictSeconds * 1000);
  const signal = AbortSignal.any([ending.signal, total, ...(cancel === undefined ? [] : [cancel])]);
  const setting: GatherSetting = {
    ports: parts.ports,
    target,
    reported,
    clock,
    redactor: parts.redactor,
    runId: id,
    inside,
    startedAt,
    signal,
  };
  const judging = { target, reported, startedAt, vantage };

  try {
    const { checks, unknown } = checksToRun(plan, parts.checks);
    for (const notRun of unknown) say({ type: "not-run", at: now(), notRun });

    const facts: Record<string, Gathered> = { ...request.known, ...soFar?.facts };
    const planned = closure(checks.flatMap(factsOf));
    const settled = new Map<string, Promise<Gathered>>();
    const cheapDone = Promise.withResolvers<void>();
    const ask = (fact: Fact): Promise<Gathered> => {
      const running = settled.get(fact.id);
      if (running !== undefined) return running;
      const work = gatherWhenReady(fact);
      settled.set(fact.id, work);
      return work;
    };
    const gatherWhenReady = async (fact: Fact): Promise<Gathered> => {
      const stored = facts[fact.id];
      if (stored !== undefined) {
        if (soFar?.facts[fact.id] === undefined)
          say({ type: "fact", at: now(), fact: fact.id, gathered: stored });
        return stored;
      }
      const before = (fact.after ?? []).filter((other) => planned.has(other.id));
      await Promise.all(before.map((other) => ask(other)));
      const needs = Object.fromEntries(
        await Promise.all(
          Object.entries(fact.needs).map(async ([name, need]) => [name, await ask(need)] as const),
        ),
      );
      if (fact.cost === "deep") await cheapDone.promise;
      const gathered = await gatherOne(fact, needs, setting);
      facts[fact.id] = gathered;
      say({ type: "fact", at: now(), fact: fact.id, gathered });
      return gathered;
    };

    const judgeWhenReady = async (check: Check): Promise<void> => {
      await Promise.all(factsOf(check).map((fact) => ask(fact)));
      const judged = judgeOne(check, facts, judging);
      if ("finding" in judged) say({ type: "finding", at: now(), finding: judged.finding });
      else say({ type: "not-run", at: now(), notRun: judged.notRun });
    };

    const weigh = (current: Investigation): Diagnosis =>
      parts.weigh(toWeighInput(current, checks, parts));
    const isCheap = (check: Check): boolean =>
      [...closure(factsOf(check)).values()].every((fact) => fact.cost === "cheap");
    const cheap = checks.filter(isCheap).map((check) => judgeWhenReady(check));
    const fastDeadline = delay(limits.fastVerdictSeconds * 1000 - 250, signal);
    const deep = checks.filter((check) => !isCheap(check)).map((check) => judgeWhenReady(check));

    await Promise.race([Promise.all(cheap), fastDeadline.done]);
    fastDeadline.cancel();
    if (state !== null) say({ type: "verdict", at: now(), depth: "fast", diagnosis: weigh(state) });
    cheapDone.resolve();
    await Promise.all([...cheap, ...deep]);

    // What is read again may make the verdict hang on something else: that is read again as well.
    const rereads = new Rereads(Object.keys(must(state).earlier));
    for (let round = 0; round < rereadRounds; round += 1) {
      const input = toWeighInput(must(state), checks, parts);
      const first = (): Readonly<Record<string, Gathered>> => must(state).earlier;
      if (!(await readAgain(checks, facts, rereads, setting, input, parts, say, now, first))) break;
    }
    say({ type: "verdict", at: now(), depth: "deep", diagnosis: weigh(must(state)) });
    say({ type: "ended", at: now(), stopped: cancel?.aborted === true ? "cancelled" : "complete" });
  } catch (error) {
    // Facts and checks cannot get here: a mistake in the engine or the weighing. The run still has a last word.
    say({
      type: "ended",
      at: now(),
      stopped: "failed",
      problem: parts.redactor.text(messageOf(error)),
    });
  } finally {
    ending.abort();
  }
  return must(state);
}

/** Judges a finished run's stored facts again, against this or a changed plan: no network, same bytes. */
export function judgeAgain(
  run: Investigation,
  parts: Pick<EngineParts, "checks" | "weigh">,
  plan: Plan = run.plan,
): Investigation {
  const { checks, unknown } = checksToRun(plan, parts.checks);
  const judging = {
    target: run.target,
    reported: run.reported,
    startedAt: Date.parse(run.startedAt),
    vantage: run.vantage,
  };
  const judged = judgeAll(checks, run.facts, run.earlier, judging);
  const again = { ...run, plan, findings: judged.findings, notRun: [...unknown, ...judged.notRun] };
  return { ...again, diagnosis: parts.weigh(toWeighInput(again, checks, parts)), depth: "deep" };
}

/** The registered checks of a plan, in its order; ids that nobody registered become not-run rows. */
function checksToRun(plan: Plan, registered: ReadonlyMap<string, Check>) {
  const ids = checksOf(plan);
  const checks = ids.flatMap((id) => registered.get(id) ?? []);
  const unknown = ids
    .filter((id) => !registered.has(id))
    .map((id) => ({
      check: id,
      question: id,
      facts: [],
      reason: "broken" as const,
      detail: `the plan names a check that this version does not have: ${id}`,
      mend: "run hokusai plan lint",
      availability: "lost" as const,
    }));
  return { checks, unknown };
}

/** The facts themselves with everything they need, by id. */
function closure(facts: readonly Fact[]): ReadonlyMap<string, Fact> {
  const all = new Map<string, Fact>();
  const add = (fact: Fact): void => {
    if (all.has(fact.id)) return;
    all.set(fact.id, fact);
    for (const need of Object.values(fact.needs)) add(need);
  };
  for (const fact of facts) add(fact);
  return all;
}

export const toCheckShape = (check: Check): CheckShape => {
  const named = Object.entries(check.outcomes);
  return {
    outcomes: named.flatMap(([name, { history }]) => (history === true ? [] : [name])),
    history: named.flatMap(([name, { history }]) => (history === true ? [name] : [])),
    noise: check.noise,
    cost: [...closure(factsOf(check)).values()].some((fact) => fact.cost === "deep") ? 3 : 1,
  };
};

/** What weighing gets of a run: its findings, and the planned checks that did not run. */
export function toWeighInput(
  run: Investigation,
  checks: readonly Check[],
  parts: Pick<EngineParts, "checks">,
): WeighInput {
  return {
    plan: run.plan,
    checks: Object.fromEntries([...parts.checks].map(([id, check]) => [id, toCheckShape(check)])),
    observed: run.findings.map(({ check, outcome, summary, again }) => ({
      check,
      outcome,
      summary,
      ...(again === true ? { again } : {}),
    })),
    missing: checks
      .map((check) => check.id)
      .filter((id) => !run.findings.some((row) => row.check === id)),
    symptomReported: run.reported?.symptom != null || run.reported?.url != null,
  };
}

/**
 * Facts whose loss would change the verdict are read again before it is said; the newest
 * replaces. A second reading that fails leaves the first one standing. False where nothing was left
 * to read.
 */
async function readAgain(
  checks: readonly Check[],
  facts: Record<string, Gathered>,
  rereads: Rereads,
  setting: GatherSetting,
  input: WeighInput,
  parts: EngineParts,
  say: (event: InvestigationEvent) => void,
  now: () => string,
  /** First readings, as the run has them by now. */
  first: () => Readonly<Record<string, Gathered>>,
): Promise<boolean> {
  if (setting.signal.aborted) return false;
  const planned = new Map(checks.map((check) => [check.id, check]));
  const wanted = parts
    .pivotal(input)
    .flatMap((id) => planned.get(id) ?? [])
    .map((check) => factsOf(check).filter((fact) => facts[fact.id]?.state === "known"))
    // Of a check that cannot be read again as a whole, a part would prove nothing.
    .flatMap((known) => (known.every((fact) => fact.rereadable) ? known : []));
  const ids = rereads.next(wanted.map(({ id }) => id));
  const again = new Map(
    checks
      .flatMap(factsOf)
      .filter(({ id }) => ids.has(id))
      .map((fact) => [fact.id, fact]),
  );
  if (again.size === 0) return false;
  await Promise.all(
    [...again.values()].map(async (fact) => {
      const needs = Object.fromEntries(
        Object.entries(fact.needs).flatMap(([name, need]) => {
          const known = facts[need.id];
          return known === undefined ? [] : [[name, known] as const];
        }),
      );
      const gathered = await gatherOne(fact, needs, setting);
      if (gathered.state === "missing") return;
      facts[fact.id] = gathered;
      say({ type: "fact", at: now(), fact: fact.id, gathered });
    }),
  );
  const { target, reported, startedAt } = setting;
  const judging = { target, reported, startedAt, vantage: parts.vantage };
  const changed = new Set<string>();
  for (const check of checks.filter((row) => factsOf(row).some((fact) => again.has(fact.id)))) {
    const judged = judgeReadings(check, facts, first(), judging);
    if ("finding" in judged) say({ type: "finding", at: now(), finding: judged.finding });
    else say({ type: "not-run", at: now(), notRun: judged.notRun });
    const before = input.observed.find((one) => one.check === check.id)?.outcome;
    if ("finding" in judged && judged.finding.outcome === before) continue;
    for (const { id } of factsOf(check)) changed.add(id);
  }
  for (const id of again.keys()) rereads.note(id, changed.has(id));
  return true;
}

function delay(ms: number, signal: AbortSignal): { done: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  signal.addEventListener("abort", () => resolve(), { once: true });
  return { done: promise, cancel: () => clearTimeout(timer) };
}

function must(state: Investigation | null): Investigation {
  if (state === null) throw new Error("the investigation has not started");
  return state;
}
