import type { Command } from "#core/command-queue.ts";
import type { Diagnosis } from "#core/diagnosis.ts";
import type { InvestigationEvent } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import type { Target } from "#core/target.ts";

export const plan = (checks: readonly string[] = ["a/one"]): Plan => ({
  id: "test",
  title: "test",
  symptoms: [],
  priorities: [{ level: 1, title: "all", minutes: 1, checks }],
  hypotheses: [],
  other: {},
  healthyNeeds: [],
  chain: null,
  questions: [],
  successCriteria: [],
});

export const diagnosis = (verdict: Diagnosis["verdict"] = "fault"): Diagnosis => ({
  verdict,
  leading: [],
  inconclusiveBecause: null,
  probabilityHealthy: 0.5,
  hypotheses: [],
  why: [],
  nextChecks: [],
  nextSteps: [],
});

const asker = { door: "slack", id: "U1" } as const;

export const command = (model: string, more: Partial<Command> = {}): Command => ({
  model,
  service: `service-of-${model}`,
  plan: null,
  reported: null,
  asker,
  channel: "C1",
  ticket: null,
  ...more,
});

/** The events of one run, each at its own second. */
export const events = {
  started: (id: string, model: string, at: string): InvestigationEvent => ({
    type: "started",
    at,
    id,
    target: { id: model } as Target,
    plan: plan(),
    reported: null,
    asker,
    vantage: "internet",
  }),
  fact: (fact: string, value: unknown, at: string): InvestigationEvent => ({
    type: "fact",
    at,
    fact,
    gathered: { state: "known", at, tookMs: 1, value },
  }),
  verdict: (at: string, verdict: Diagnosis["verdict"] = "fault"): InvestigationEvent => ({
    type: "verdict",
    at,
    depth: "deep",
    diagnosis: diagnosis(verdict),
  }),
  ended: (at: string): InvestigationEvent => ({ type: "ended", at, stopped: "complete" }),
} as const;
