/** Holds what was said of runs against what was true: docs/accuracy.md explains each figure. */
import { OTHER, type HypothesisVerdict, type RunVerdict } from "#core/diagnosis.ts";
import { proportion, type Proportion } from "./proportion.ts";

/** What was true: for each fault that was present, the hypotheses any of which names it. Empty: nothing. */
export type Truth = readonly (readonly string[])[];

export interface Said {
  readonly id: string;
  readonly truth: Truth;
  readonly verdict: RunVerdict;
  readonly leading: readonly string[];
  /** Most probable first; "other" is among them. */
  readonly hypotheses: readonly {
    readonly id: string;
    readonly probability: number;
    readonly verdict: HypothesisVerdict;
  }[];
  readonly probabilityHealthy: number;
  /** Hypotheses called ruled-out although none of the checks that could confirm them ran. */
  readonly unseenRuledOut: readonly string[];
  /** How many checks ran. */
  readonly checks: number;
  readonly seconds: number;
}

export interface Figures {
  readonly cases: number;
  /** The most probable hypothesis is a true cause; of worlds in which nothing is wrong: nothing leads. */
  readonly top1: Proportion;
  readonly top3: Proportion;
  /** Every true cause is among the three most probable hypotheses. */
  readonly allInTop3: Proportion;
  readonly exactSet: Proportion;
  /** Some listed hypothesis that is not true has .6 or more. */
  readonly wrongAccusation: Proportion;
  /** The run's verdict is "fault". */
  readonly calledFault: Proportion;
  readonly calledHealthy: Proportion;
  /** The fault nobody listed leads. */
  readonly other: Proportion;
  readonly truthRuledOut: Proportion;
  readonly unseenRuledOut: number;
  /** Mean over cases and hypotheses of (probability - truth)^2. */
  readonly brier: number;
  /** Expected calibration error of the leading claim, ten bins. */
  readonly calibrationError: number;
  readonly reliability: readonly Bin[];
  readonly meanChecks: number;
  readonly medianSeconds: number;
}

export interface Bin {
  /** Lower end of the bin, 0 to .9. */
  readonly from: number;
  readonly cases: number;
  readonly meanClaim: number;
  readonly right: Proportion;
}

/** A hypothesis with this much is named to people as the cause ("likely"). */
const named = 0.6;

export function figuresOf(said: readonly Said[]): Figures {
  const count = (holds: (one: Said) => boolean): Proportion =>
    proportion(said.filter(holds).length, said.length);
  const reliability = reliabilityOf(said);
  return {
    cases: said.length,
    top1: count(isTop1),
    top3: count((one) => coveredBy(one, topOf(one, 3)) > 0 || isTop1(one)),
    allInTop3: count((one) => coveredBy(one, topOf(one, 3)) === one.truth.length),
    exactSet: count(isExact),
    wrongAccusation: count((one) => wronglyAccused(one).length > 0),
    calledFault: count(({ verdict }) => verdict === "fault"),
    calledHealthy: count(calledHealthy),
    other: count(({ leading }) => leading.includes(OTHER)),
    truthRuledOut: count((one) =>
      one.truth.some((causes) =>
        causes.every((cause) =>
          one.hypotheses.some(({ id, verdict }) => id === cause && verdict === "ruled-out"),
        ),
      ),
    ),
    unseenRuledOut: said.reduce((sum, one) => sum + one.unseenRuledOut.length, 0),
    brier: mean(said.map(brierOf)),
    calibrationError: reliability.reduce(
      (sum, bin) => sum + (bin.cases / said.length) * Math.abs(bin.meanClaim - bin.right.share),
      0,
    ),
    reliability,
    meanChecks: mean(said.map(({ checks }) => checks)),
    medianSeconds:
      said.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[Math.floor(said.length / 2)] ??
      0,
  };
}

export const isTop1 = (one: Said): boolean =>
  one.truth.length === 0
    ? one.leading.length === 0
    : !calledHealthy(one) && coveredBy(one, topOf(one, 1)) === 1;

/** Who says that all is well is not right about the cause, whatever stands first at one percent. */
const calledHealthy = ({ verdict }: Said): boolean =>
  verdict === "healthy" || verdict === "not-reproduced";

/** Listed hypotheses named as the cause that are not. */
export const wronglyAccused = ({ truth, hypotheses }: Said): readonly string[] =>
  hypotheses
    .filter(
      ({ id, probability }) =>
        probability >= named && id !== OTHER && !truth.some((causes) => causes.includes(id)),
    )
    .map(({ id }) => id);

const topOf = ({ hypotheses }: Said, count: number): readonly string[] =>
  hypotheses.slice(0, count).map(({ id }) => id);

/** How many of the true faults these hypotheses name. */
const coveredBy = ({ truth }: Said, ids: readonly string[]): number =>
  truth.filter((causes) => causes.some((cause) => ids.includes(cause))).length;

export const isExact = (one: Said): boolean =>
  one.leading.length === one.truth.length && coveredBy(one, one.leading) === one.truth.length;

/** Of several hypotheses that name the same fault, the most probable stands for it. */
function brierOf({ truth, hypotheses }: Said): number {
  const standing = new Set(
    truth.flatMap((causes) => hypotheses.find(({ id }) => causes.includes(id))?.id ?? []),
  );
  return mean(
    hypotheses.map(({ id, probability }) => (probability - (standing.has(id) ? 1 : 0)) ** 2),
  );
}

/** What is claimed first: the most probable hypothesis, or that nothing is wrong where that leads. */
function claimOf(one: Said): { readonly claim: number; readonly right: boolean } {
  if (one.leading.length === 0)
    return { claim: one.probabilityHealthy, right: one.truth.length === 0 };
  return {
    claim: one.hypotheses[0]?.probability ?? 0,
    right: one.truth.length > 0 && coveredBy(one, topOf(one, 1)) === 1,
  };
}

function reliabilityOf(said: readonly Said[]): readonly Bin[] {
  const claims = said.map(claimOf);
  return Array.from({ length: 10 }, (_, index) => {
    const inside = claims.filter(({ claim }) => Math.min(9, Math.floor(claim * 10)) === index);
    return {
      from: index / 10,
      cases: inside.length,
      meanClaim: mean(inside.map(({ claim }) => claim)),
      right: proportion(inside.filter(({ right }) => right).length, inside.length),
    };
  }).filter(({ cases }) => cases > 0);
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
