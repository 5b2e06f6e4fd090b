import type { Diagnosis } from "./diagnosis.ts";
import type { Gathered, ProbeVantage } from "./fact.ts";
import type { Finding, NotRun } from "./finding.ts";
import { checksOf, type Plan } from "./plan.ts";
import type { Reported, Target } from "./target.ts";

/** Who asked, and through which door. */
export interface Asker {
  readonly door: "slack" | "terminal" | "linear" | "alarm" | "schedule";
  /** The person's id at that door; null where nobody asked. */
  readonly id: string | null;
}

/** What happened in one run, in order. Everything shown of a run is a fold of these. */
export type InvestigationEvent =
  | {
      readonly type: "started";
      readonly at: string;
      readonly id: string;
      readonly target: Target;
      readonly plan: Plan;
      readonly reported: Reported | null;
      readonly asker: Asker;
      readonly vantage: ProbeVantage;
      /** Who asked approved a look from inside the running container (ECS Exec), for this run. */
      readonly inside?: boolean;
    }
  | {
      readonly type: "fact";
      readonly at: string;
      readonly fact: string;
      readonly gathered: Gathered;
    }
  | { readonly type: "finding"; readonly at: string; readonly finding: Finding }
  | { readonly type: "not-run"; readonly at: string; readonly notRun: NotRun }
  | {
      readonly type: "verdict";
      readonly at: string;
      readonly depth: "fast" | "deep";
      readonly diagnosis: Diagnosis;
    }
  | {
      readonly type: "ended";
      readonly at: string;
      readonly stopped: "complete" | "cancelled" | "failed";
      readonly problem?: string;
    };

/** One run, as a fold of its events. Times are ISO 8601 in UTC. */
export interface Investigation {
  readonly id: string;
  readonly target: Target;
  readonly plan: Plan;
  readonly reported: Reported | null;
  readonly asker: Asker;
  /** From where this run's probes looked. */
  readonly vantage: ProbeVantage;
  /** Who asked approved a look from inside the running container; absent: nobody did. */
  readonly inside?: boolean;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly stopped: "complete" | "cancelled" | "failed" | null;
  readonly problem: string | null;
  /** In the plan's order. */
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
  /** The newest verdict: fast while it runs, deep at the end; null before the first. */
  readonly diagnosis: Diagnosis | null;
  readonly depth: "fast" | "deep" | null;
  /** Milliseconds from the start to the fast and to the final verdict. */
  readonly fastAfterMs: number | null;
  readonly endedAfterMs: number | null;
  readonly facts: Readonly<Record<string, Gathered>>;
  /** First readings of the facts that were read again before the verdict was said. */
  readonly earlier: Readonly<Record<string, Gathered>>;
}

/** Folds the next event into what is known of a run; the first event has to be "started". */
export function foldEvent(known: Investigation | null, event: InvestigationEvent): Investigation {
  if (event.type === "started") return begin(event);
  if (known === null) throw new Error(`an investigation cannot begin with "${event.type}"`);
  switch (event.type) {
    case "fact": {
      const before = known.facts[event.fact];
      const facts = { ...known.facts, [event.fact]: event.gathered };
      if (before === undefined || known.earlier[event.fact] !== undefined)
        return { ...known, facts };
      return { ...known, facts, earlier: { ...known.earlier, [event.fact]: before } };
    }
    case "finding":
      return {
        ...known,
        findings: inPlanOrder(known.plan, [
          ...known.findings.filter((finding) => finding.check !== event.finding.check),
          event.finding,
        ]),
        notRun: known.notRun.filter((row) => row.check !== event.finding.check),
      };
    case "not-run":
      return {
        ...known,
        notRun: inPlanOrder(known.plan, [
          ...known.notRun.filter((row) => row.check !== event.notRun.check),
          event.notRun,
        ]),
        findings: known.findings.filter((finding) => finding.check !== event.notRun.check),
      };
    case "verdict":
      return {
        ...known,
        diagnosis: event.diagnosis,
        depth: event.depth,
        fastAfterMs: known.fastAfterMs ?? elapsed(known, event.at),
      };
    case "ended":
      return {
        ...known,
        endedAt: event.at,
        endedAfterMs: elapsed(known, event.at),
        stopped: event.stopped,
        problem: event.problem ?? null,
      };
  }
}

export const foldEvents = (events: readonly InvestigationEvent[]): Investigation | null =>
  events.reduce<Investigation | null>(foldEvent, null);

function begin(event: InvestigationEvent & { readonly type: "started" }): Investigation {
  return {
    id: event.id,
    target: event.target,
    plan: event.plan,
    reported: event.reported,
    asker: event.asker,
    vantage: event.vantage,
    ...(event.inside === true ? { inside: true } : {}),
    startedAt: event.at,
    endedAt: null,
    stopped: null,
    problem: null,
    findings: [],
    notRun: [],
    diagnosis: null,
    depth: null,
    fastAfterMs: null,
    endedAfterMs: null,
    facts: {},
    earlier: {},
  };
}

const elapsed = (known: Investigation, at: string): number =>
  Math.max(0, Date.parse(at) - Date.parse(known.startedAt));

function inPlanOrder<Row extends { readonly check: string }>(
  plan: Plan,
  rows: readonly Row[],
): readonly Row[] {
  const order = checksOf(plan);
  return rows.toSorted((a, b) => order.indexOf(a.check) - order.indexOf(b.check));
}

export type Emit = (event: InvestigationEvent) => void;
