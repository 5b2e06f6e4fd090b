import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckShape, Observed, WeighInput } from "#core/diagnosis.ts";
import type { Effect, Hypothesis, Plan, PriorWord, Strength } from "#core/plan.ts";
import { likelihood, toClaims } from "#diagnosis/claims.ts";
import { priors, strengths } from "#diagnosis/numbers.ts";
import { weigh } from "#diagnosis/weigh.ts";

const outcomeNames = ["normal", "a", "b", "c"];
const strength = fc.constantFrom<Strength[]>("certain", "expected", "usual", "sometimes", "rare");
const effect: fc.Arbitrary<Effect> = fc.record({
  strength,
  outcomes: fc.subarray(outcomeNames, { minLength: 1 }),
});
const noise = fc.constantFrom<CheckShape["noise"][]>("read", "probe", "log");
const prior = fc.constantFrom<PriorWord[]>("high", "medium", "low");

/** A plan of up to six hypotheses over up to six checks, and what a run of it saw. */
const world: fc.Arbitrary<WeighInput> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([hypothesisCount, checkCount]) => {
    const checkIds = Array.from({ length: checkCount }, (_, c) => `area/check-${c}`);
    return fc
      .tuple(
        fc.array(fc.array(fc.option(effect), { minLength: checkCount, maxLength: checkCount }), {
          minLength: hypothesisCount,
          maxLength: hypothesisCount,
        }),
        fc.array(prior, { minLength: hypothesisCount, maxLength: hypothesisCount }),
        fc.array(noise, { minLength: checkCount, maxLength: checkCount }),
        fc.array(fc.option(fc.constantFrom(...outcomeNames)), {
          minLength: checkCount,
          maxLength: checkCount,
        }),
      )
      .map(([effects, priorWords, noises, outcomes]) =>
        toInput(checkIds, effects, priorWords, noises, outcomes),
      );
  });

function toInput(
  checkIds: readonly string[],
  effects: readonly (readonly (Effect | null)[])[],
  priorWords: readonly PriorWord[],
  noises: readonly CheckShape["noise"][],
  outcomes: readonly (string | null)[],
): WeighInput {
  const hypotheses = effects.map((row, h): Hypothesis => {
    const own = Object.fromEntries(
      row.flatMap((one, c) => (one === null ? [] : [[checkIds[c] ?? "", one] as const])),
    );
    const confirmedBy = Object.entries(own).flatMap(([check, one]) =>
      one.outcomes.map((outcome) => ({ check, outcome })),
    );
    return {
      id: `h${h}`,
      claim: `claim ${h}`,
      prior: priorWords[h] ?? "low",
      effects: own,
      confirmedBy,
      fixCost: 10 + h,
      next: [`step ${h}`],
      side: "service",
    };
  });
  const observed: Observed[] = checkIds.flatMap((check, c) => {
    const outcome = outcomes[c];
    return outcome === null || outcome === undefined ? [] : [{ check, outcome, summary: check }];
  });
  return {
    plan: planOf(checkIds, hypotheses),
    checks: Object.fromEntries(
      checkIds.map((check, c) => [
        check,
        { outcomes: outcomeNames, noise: noises[c] ?? "read", cost: 1 },
      ]),
    ),
    observed,
    missing: checkIds.filter((_, c) => outcomes[c] === null),
    symptomReported: false,
  };
}

const planOf = (checkIds: readonly string[], hypotheses: readonly Hypothesis[]): Plan => ({
  id: "p",
  title: "P",
  symptoms: [],
  hypotheses,
  other: {},
  healthyNeeds: [],
  chain: null,
  questions: [],
  successCriteria: [],
  priorities: [{ level: 1, title: "All", minutes: 1, checks: checkIds }],
});

const probabilities = (input: WeighInput): ReadonlyMap<string, number> =>
  new Map(weigh(input).hypotheses.map(({ id, probability }) => [id, probability]));

/** The largest difference of a probability; infinite where the hypotheses are not the same. */
function difference(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  if (a.size !== b.size) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...[...a].map(([id, p]) => Math.abs(p - (b.get(id) ?? Number.POSITIVE_INFINITY))),
  );
}
const rounding = 1e-8;

describe("properties of the posterior", () => {
  it("says the same bytes for the same findings in whatever order they came", () => {
    const shuffled = world.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray([...input.observed], { minLength: input.observed.length }),
        fc.shuffledSubarray([...input.missing], { minLength: input.missing.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([input, observed, missing]) => {
        expect(JSON.stringify(weigh({ ...input, observed, missing }))).toBe(
          JSON.stringify(weigh(input)),
        );
      }),
    );
  });

  it("does not move for a check that is missing instead of never planned", () => {
    fc.assert(
      fc.property(world, effect, (input, expected) => {
        const more = "area/extra";
        const hypotheses = input.plan.hypotheses.map((hypothesis) => ({
          ...hypothesis,
          effects: { ...hypothesis.effects, [more]: expected },
        }));
        const shape: CheckShape = { outcomes: outcomeNames, noise: "read", cost: 1 };
        const checks = { ...input.checks, [more]: shape };
        const plan = planOf([...Object.keys(input.checks), more], hypotheses);
        expect(
          difference(
            probabilities({ ...input, plan, checks, missing: [...input.missing, more] }),
            probabilities(input),
          ),
        ).toBeLessThan(rounding);
      }),
    );
  });

  it("does not depend on names, nor on any order but path order", () => {
    fc.assert(
      fc.property(world, (input) => {
        const rename = (id: string): string =>
          `${id.split("").toReversed().join("").replace("/", "-")}/x`;
        const hypotheses = input.plan.hypotheses.map((hypothesis): Hypothesis => ({
          ...hypothesis,
          id: `renamed-${hypothesis.id}`,
          effects: Object.fromEntries(
            Object.entries(hypothesis.effects)
              .toReversed()
              .map(([check, one]) => [
                rename(check),
                { ...one, outcomes: one.outcomes.toReversed() },
              ]),
          ),
        }));
        const names = Object.keys(input.checks).toReversed();
        const renamed: WeighInput = {
          ...input,
          plan: planOf(names.map(rename), hypotheses),
          checks: Object.fromEntries(
            names.map((check) => [rename(check), input.checks[check] as CheckShape]),
          ),
          observed: input.observed.map((one) => ({ ...one, check: rename(one.check) })),
          missing: input.missing.map(rename),
        };
        const before = [...probabilities(input)].map(
          ([id, p]) => [id === "other" ? id : `renamed-${id}`, p] as const,
        );
        expect(difference(probabilities(renamed), new Map(before))).toBeLessThan(rounding);
      }),
    );
  });

  it("is the normalised prior over sets of at most two faults where there is no evidence", () => {
    fc.assert(
      fc.property(world, (input) => {
        const p = [...input.plan.hypotheses.map((hypothesis) => priors[hypothesis.prior]), 0.05];
        const weightOf = (set: readonly number[]): number =>
          p.reduce((product, one, i) => product * (set.includes(i) ? one : 1 - one), 1);
        const sets: number[][] = [[], ...p.map((_, i) => [i])];
        for (let i = 0; i < p.length; i++) for (let j = i + 1; j < p.length; j++) sets.push([i, j]);
        const total = sets.reduce((sum, set) => sum + weightOf(set), 0);
        const expected = new Map(
          p.map((_, i) => [
            input.plan.hypotheses[i]?.id ?? "other",
            sets.filter((set) => set.includes(i)).reduce((sum, set) => sum + weightOf(set), 0) /
              total,
          ]),
        );
        const bare = { ...input, observed: [], missing: Object.keys(input.checks) };
        expect(difference(probabilities(bare), expected)).toBeLessThan(rounding);
        expect(weigh(bare).probabilityHealthy).toBeCloseTo(weightOf([]) / total, 8);
      }),
    );
  });

  it("explains away: a second fault gains at most ln(1 + (1-a)|D|/a) on what an upstream one expects", () => {
    fc.assert(
      fc.property(effect, effect, noise, fc.nat(), (up, down, noiseWord, pick) => {
        const input = toInput(["area/check"], [[up], [down]], ["low", "low"], [noiseWord], [null]);
        const shape = input.checks["area/check"] as CheckShape;
        const claims = toClaims(input.plan, "area/check", shape);
        if (claims === null) throw new Error("both hypotheses expect something of this check");
        const seen = outcomeNames.indexOf(up.outcomes[pick % up.outcomes.length] ?? "");
        const gain =
          Math.log(likelihood(claims, seen, [0, 1])) - Math.log(likelihood(claims, seen, [0]));
        const a = strengths[up.strength];
        expect(gain).toBeLessThanOrEqual(Math.log(1 + ((1 - a) * up.outcomes.length) / a) + 1e-12);
      }),
    );
  });

  it("gives every check's outcomes a likelihood of one together, for every set of faults", () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat(), { maxLength: 3 }), (input, picks) => {
        const faults = input.plan.hypotheses.length + 1;
        const members = [...new Set(picks.map((pick) => pick % faults))].toSorted((a, b) => a - b);
        for (const [check, shape] of Object.entries(input.checks)) {
          const claims = toClaims(input.plan, check, shape);
          if (claims === null) continue;
          const sum = shape.outcomes.reduce(
            (total, _, o) => total + likelihood(claims, o, members),
            0,
          );
          expect(sum).toBeCloseTo(1, 10);
        }
      }),
    );
  });

  it("agrees with an independent enumeration of the model", () => {
    fc.assert(
      fc.property(world, (input) => {
        expect(difference(probabilities(input), enumerate(input))).toBeLessThan(rounding);
      }),
      { numRuns: 60 },
    );
  });
});

/** The model once more, written from its description: products instead of logarithms, no shortcuts. */
function enumerate(input: WeighInput): ReadonlyMap<string, number> {
  const { hypotheses } = input.plan;
  const n = hypotheses.length;
  const leak = {
    read: [0.001, 0.002],
    probe: [0.015, 0.015],
    lasting: [0.015, 0.015],
    log: [0.08, 0.03],
  } as const;
  const p = [
    ...hypotheses.map((hypothesis) => ({ high: 0.15, medium: 0.06, low: 0.02 })[hypothesis.prior]),
    0.05,
  ];
  const a = { certain: 0.99, expected: 0.95, usual: 0.8, sometimes: 0.4, rare: 0.1 };
  const joint = (set: readonly number[]): number => {
    let product = p.reduce((all, one, i) => all * (set.includes(i) ? one : 1 - one), 1);
    for (const { check, outcome } of input.observed) {
      if (!hypotheses.some((hypothesis) => check in hypothesis.effects)) continue;
      const [l, eta] = leak[input.checks[check]?.noise ?? "read"];
      const normal = outcome === outcomeNames[0];
      let rest = 1;
      let total = 0;
      for (const i of set) {
        const one = hypotheses[i]?.effects[check];
        if (i === n) {
          total += normal ? 0 : (rest * 0.05) / 3;
          rest *= 0.95;
        } else if (one !== undefined) {
          total += one.outcomes.includes(outcome)
            ? (rest * a[one.strength]) / one.outcomes.length
            : 0;
          rest *= 1 - a[one.strength];
        }
      }
      total += rest * (normal ? 1 - l : l / 3);
      product *= (1 - eta) * total + eta / 4;
    }
    return product;
  };
  const marginal = p.map(() => 0);
  let all = joint([]);
  for (let i = 0; i <= n; i++) {
    for (let j = i; j <= n; j++) {
      const weight = joint(i === j ? [i] : [i, j]);
      all += weight;
      for (const k of new Set([i, j])) marginal[k] = (marginal[k] ?? 0) + weight;
    }
  }
  return new Map(marginal.map((weight, i) => [hypotheses[i]?.id ?? "other", weight / all]));
}
