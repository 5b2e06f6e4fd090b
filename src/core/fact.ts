import type { Missing } from "./missing.ts";
import type { Ports } from "./ports.ts";
import type { Reported, Target } from "./target.ts";

/** cheap: counts for the fast verdict (within 5 s). deep: second wave (within 30 s), or touches production. */
export type Cost = "cheap" | "deep";

/** From where something was seen. What one vantage sees says nothing about another. */
export type Vantage = "aws" | "internet" | "vpc" | "container";
/** Where the bot itself stands: a fact that is seen from the internet is seen from here instead. */
export type ProbeVantage = Extract<Vantage, "internet" | "vpc">;

export type FactMap = Readonly<Record<string, Fact>>;
export type ValueOf<F> = F extends Fact<infer Value> ? Value : never;
export type Values<Needs extends FactMap> = {
  readonly [Name in keyof Needs]: ValueOf<Needs[Name]>;
};

export interface GatherContext<Needs extends FactMap> {
  readonly ports: Ports;
  readonly target: Target;
  /** What the caller complained about; null where nobody reported anything. */
  readonly reported: Reported | null;
  /** The values of the facts named in `needs`. */
  readonly facts: Values<Needs>;
  /** Aborts at the fact's own deadline, and when the run ends. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch, when the run started: the same for every fact of a run. */
  readonly now: number;
  /** Of this run; marks our own requests so that they can be left out of counts. */
  readonly runId: string;
  /** Whether a person let this run look from inside the running container (ECS Exec). */
  readonly inside?: boolean;
}

/**
 * Collect: one thing worth knowing, asked for once a run.
 * `gather` returns plain JSON that may be stored (no secret, no customer data), or throws FactUnavailable.
 */
export interface Fact<Value = unknown, Needs extends FactMap = FactMap> {
  /** Kebab case, and the name of its file. */
  readonly id: string;
  /** Other facts, by the name under which `gather` reads them; what is missing there is missing here. */
  readonly needs: Needs;
  /** Facts that have to be settled first, in whatever state, because gathering this one disturbs them. */
  readonly after?: readonly Fact[];
  /** What has to be granted, as "ecs:DescribeServices"; empty for probes. */
  readonly permissions: readonly string[];
  readonly cost: Cost;
  readonly vantage: Vantage;
  readonly deadlineMs: number;
  /** False where a second reading is not worth its price (a keyed prediction is; a 6-hour log scan is not). */
  readonly rereadable: boolean;
  gather(context: GatherContext<Needs>): Promise<Value>;
}

export function defineFact<Value, const Needs extends FactMap>(
  fact: Fact<Value, Needs>,
): Fact<Value, Needs> {
  return fact;
}

/** What the engine keeps of a fact. Times are ISO 8601 in UTC, durations milliseconds. */
export type Gathered =
  | {
      readonly state: "known";
      readonly at: string;
      readonly tookMs: number;
      readonly value: unknown;
    }
  | {
      readonly state: "missing";
      readonly at: string;
      readonly tookMs: number;
      readonly missing: Missing;
    };
