/** One run as it was gathered: its facts are judged and weighed again as often as wanted. */
import type { Gathered, ProbeVantage } from "#core/fact.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import type { Reported, Target } from "#core/target.ts";
import type { Case } from "./cases.ts";

export interface TaskThen {
  /** Of the task definition that the service asks for now. */
  readonly current: boolean;
  readonly status: string;
  /** Its process began: image, secrets and log stream were there. */
  readonly began: boolean;
  /** Its threads wait for each other, and answer nobody. */
  readonly stuck: boolean;
}

export interface Recording {
  readonly case: Case;
  /** IAM actions that the AWS server denied while it ran. */
  readonly denied: readonly string[];
  readonly shape: string;
  /**
   * The world's own customers: how often they asked, got a 5xx or no answer, and of the last three calls how
   * many got what they asked for.
   */
  readonly customers: { readonly asked: number; readonly served: number; readonly failed: number };
  /** Tasks of the API that the world had when the run ended, those that stopped too. */
  readonly tasks: readonly TaskThen[];
  readonly reported: Reported | null;
  readonly target: Target;
  readonly vantage: ProbeVantage;
  readonly startedAt: string;
  readonly endedAfterMs: number;
  readonly fastAfterMs: number;
  readonly facts: Readonly<Record<string, Gathered>>;
  readonly earlier: Readonly<Record<string, Gathered>>;
}

export const toRecording = (
  world: Pick<Recording, "case" | "shape" | "denied" | "customers" | "tasks">,
  run: Investigation,
): Recording => ({
  ...world,
  reported: run.reported,
  target: run.target,
  vantage: run.vantage,
  startedAt: run.startedAt,
  endedAfterMs: run.endedAfterMs ?? 0,
  fastAfterMs: run.fastAfterMs ?? 0,
  facts: run.facts,
  earlier: run.earlier,
});

/** The run as an investigation that has not been judged. */
export const toInvestigation = (recording: Recording, plan: Plan): Investigation => ({
  id: recording.case.id,
  target: recording.target,
  plan,
  reported: recording.reported,
  asker: { door: "terminal", id: null },
  vantage: recording.vantage,
  startedAt: recording.startedAt,
  endedAt: null,
  stopped: "complete",
  problem: null,
  findings: [],
  notRun: [],
  diagnosis: null,
  depth: null,
  fastAfterMs: recording.fastAfterMs,
  endedAfterMs: recording.endedAfterMs,
  facts: recording.facts,
  earlier: recording.earlier,
});
