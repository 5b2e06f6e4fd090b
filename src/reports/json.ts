import type { Status } from "#core/check.ts";
import type { HypothesisVerdict, RunVerdict } from "#core/diagnosis.ts";
import type { Vantage } from "#core/fact.ts";
import type { Change, ErrorCourse, Evidence } from "#core/finding.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Missing } from "#core/missing.ts";
import type { EarlierIncidents } from "#core/ports/earlier.ts";
import type { Reported } from "#core/target.ts";
import { headlineOf } from "./headline.ts";
import { findingOf } from "./impact.ts";
import { courseOf } from "./onset.ts";
import { planIds } from "./phrases.ts";
import { earlierOf, type SeenBefore } from "./seen-before.ts";
import { toWords } from "./words.ts";

/** The document of `check --json`: a contract, explained in docs/output.md. */
export interface Document {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly target: {
    readonly model: string;
    readonly name: string;
    readonly product: string;
    readonly service: string;
    readonly environment: string;
    readonly account: string | null;
    readonly region: string;
    readonly api: string;
  };
  readonly plan: { readonly id: string; readonly title: string };
  /** Ids of the plans that were followed: one, or all where none was named. */
  readonly plans: readonly string[];
  readonly reported: Reported | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** How the run ended; null while it runs. */
  readonly stopped: "complete" | "cancelled" | "failed" | null;
  readonly problem: string | null;
  /** Milliseconds from the start. */
  readonly fastAfterMs: number | null;
  readonly endedAfterMs: number | null;
  readonly depth: "fast" | "deep" | null;
  /** "inconclusive" where the run ended without a diagnosis. */
  readonly verdict: RunVerdict;
  readonly inconclusiveBecause: string | null;
  readonly headline: string;
  readonly leading: readonly string[];
  readonly probabilityHealthy: number | null;
  readonly hypotheses: readonly {
    readonly id: string;
    readonly claim: string;
    readonly probability: number;
    readonly verdict: HypothesisVerdict;
    readonly because: readonly string[];
    readonly reasons: readonly {
      readonly check: string;
      readonly outcome: string;
      readonly summary: string;
      readonly weight: number;
    }[];
    readonly maskedBy: readonly string[];
    readonly side: "service" | "caller";
  }[];
  readonly findings: readonly {
    readonly check: string;
    readonly question: string;
    readonly status: Status;
    readonly outcome: string;
    readonly summary: string;
    readonly evidence: readonly Evidence[];
    readonly vantage: Vantage;
    readonly at: string;
    readonly next: string | null;
    readonly link: string | null;
    readonly before: string | null;
  }[];
  readonly notRun: readonly ({ readonly check: string; readonly question: string } & Missing)[];
  /** Errors a minute, for a chart; null where the log's history could not be had. */
  readonly errors: ErrorCourse | null;
  /** What was changed, as far as the audit trail and ECS tell; those linked to the onset first. */
  readonly changes: readonly Change[];
  /** What was the matter before with this model and its service; null where no record is kept. */
  readonly earlierIncidents: EarlierIncidents | null;
  /** The line that Slack, the ticket and the terminal show of it; null where they show none. */
  readonly seenBefore: SeenBefore | null;
  readonly nextSteps: readonly { readonly hypothesis: string; readonly step: string }[];
  readonly nextChecks: readonly { readonly check: string; readonly gain: number }[];
  readonly criteria: readonly {
    readonly id: string;
    readonly text: string;
    readonly state: string;
  }[];
  readonly questions: readonly {
    readonly id: string;
    readonly question: string;
    readonly answer: string | null;
  }[];
}

export function toDocument(run: Investigation): Document {
  const { target, diagnosis } = run;
  const { service } = target;
  const words = toWords(run);
  return {
    schemaVersion: 1,
    id: run.id,
    target: {
      model: target.id,
      name: target.name,
      product: target.product,
      service: service.id,
      environment: service.environment.id,
      account: service.environment.account,
      region: service.environment.region,
      api: service.api.url,
    },
    plan: { id: run.plan.id, title: run.plan.title },
    plans: planIds(run.plan),
    reported: run.reported,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    stopped: run.stopped,
    problem: run.problem,
    fastAfterMs: run.fastAfterMs,
    endedAfterMs: run.endedAfterMs,
    depth: run.depth,
    verdict: diagnosis?.verdict ?? "inconclusive",
    inconclusiveBecause:
      diagnosis === null
        ? (run.problem ?? "the run has no verdict")
        : diagnosis.inconclusiveBecause,
    headline: headlineOf(run),
    leading: diagnosis?.leading ?? [],
    probabilityHealthy: diagnosis === null ? null : rounded(diagnosis.probabilityHealthy),
    hypotheses: (diagnosis?.hypotheses ?? []).map((row) => ({
      id: row.id,
      claim: row.claim,
      probability: rounded(row.probability),
      verdict: row.verdict,
      because: row.because.map(({ check, summary }) => `${check}: ${summary}`),
      reasons: row.because.map(({ check, outcome, summary, weight }) => ({
        check,
        outcome,
        summary,
        weight: rounded(weight),
      })),
      maskedBy: row.maskedBy,
      side: row.side,
    })),
    findings: run.findings.map((row) => ({
      check: row.check,
      question: row.question,
      status: row.status,
      outcome: row.outcome,
      summary: row.summary,
      evidence: row.evidence,
      vantage: row.vantage,
      at: row.at,
      next: row.next ?? null,
      link: row.link ?? null,
      before: row.before ?? null,
    })),
    notRun: run.notRun.map(({ check, question, reason, detail, mend, availability }) => ({
      check,
      question,
      reason,
      detail,
      mend,
      availability,
    })),
    errors: courseOf(run),
    changes: (findingOf(run, "changes/recent")?.changes ?? []).map((change) => ({
      ...change,
      likelihoodRatio: change.likelihoodRatio === null ? null : rounded(change.likelihoodRatio),
    })),
    earlierIncidents: earlierOf(run),
    seenBefore: words.seenBefore,
    nextSteps: diagnosis?.nextSteps ?? [],
    nextChecks: (diagnosis?.nextChecks ?? []).map(({ check, gain }) => ({
      check,
      gain: rounded(gain),
    })),
    criteria: words.criteria,
    questions: words.questions,
  };
}

/** Four decimals: enough to compare, few enough to be the same on every machine. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
