import { HokusaiError } from "#core/errors.ts";
import {
  checksOf,
  type Hypothesis,
  type Plan,
  type Priority,
  type PriorWord,
  type SymptomWord,
} from "#core/plan.ts";

const rank: Readonly<Record<PriorWord, number>> = { low: 0, medium: 1, high: 2 };

/**
 * One plan for a run that names none: the checks of all, side by side by priority. The reported
 * symptom selects whose priors count; without one each hypothesis has the higher of its priors.
 */
export function mergePlans(given: readonly Plan[], symptom: SymptomWord | null): Plan {
  const first = given[0];
  if (first === undefined) throw new HokusaiError("configuration", "there is no plan to follow");
  if (given.length === 1) return first;
  const chosen =
    symptom === null ? undefined : given.find((plan) => plan.symptoms.includes(symptom));
  const plans = leadingFirst(given, chosen);
  return {
    id: plans.map(({ id }) => id).join("+"),
    title: [...new Set(plans.map(({ title }) => title))].join("; "),
    symptoms: [...new Set(plans.flatMap(({ symptoms }) => symptoms))],
    priorities: mergePriorities(plans),
    hypotheses: mergeHypotheses(plans, chosen),
    other: Object.assign({}, ...plans.map(({ other }) => other).toReversed()) as Plan["other"],
    echoes: distinct(
      plans.flatMap(({ echoes = [] }) => echoes),
      (echo) => JSON.stringify(echo),
    ),
    healthyNeeds: distinct(
      plans.flatMap(({ healthyNeeds }) => healthyNeeds),
      (sign) => `${sign.check}=${sign.outcome}`,
    ),
    chain: (chosen ?? plans.find(({ chain }) => chain !== null) ?? first).chain,
    questions: distinct(
      plans.flatMap(({ questions }) => questions),
      ({ id }) => id,
    ),
    successCriteria: distinct(
      plans.flatMap(({ successCriteria }) => successCriteria),
      ({ id }) => id,
    ),
  };
}

/** The plan of the symptom first, else the broadest: what people read begins with it. */
const leadingFirst = (plans: readonly Plan[], chosen: Plan | undefined): readonly Plan[] => {
  const breadth = (plan: Plan): number => (plan === chosen ? Infinity : checksOf(plan).length);
  return plans.toSorted((a, b) => breadth(b) - breadth(a));
};

/** By level; a check that several plans name runs at the earliest of its levels. */
function mergePriorities(plans: readonly Plan[]): readonly Priority[] {
  const all = plans.flatMap(({ priorities }) => priorities);
  const levels = [...new Set(all.map(({ level }) => level))].toSorted((a, b) => a - b);
  const taken = new Set<string>();
  return levels
    .map((level): Priority => {
      const same = all.filter((priority) => priority.level === level);
      const checks = same
        .flatMap((priority) => priority.checks)
        .filter((check) => {
          if (taken.has(check)) return false;
          taken.add(check);
          return true;
        });
      return {
        level,
        title: `${same[0]?.title ?? ""}${same.length > 1 ? " and more" : ""}`,
        minutes: same.reduce((sum, { minutes }) => sum + minutes, 0),
        checks,
      };
    })
    .filter(({ checks }) => checks.length > 0);
}

/** The first plan's order; what only a later one has comes right after what is upstream of it there. */
function mergeHypotheses(plans: readonly Plan[], chosen: Plan | undefined): readonly Hypothesis[] {
  const merged: Hypothesis[] = [];
  const ordered =
    chosen === undefined ? plans : [chosen, ...plans.filter((plan) => plan !== chosen)];
  for (const plan of ordered) {
    for (const [index, hypothesis] of plan.hypotheses.entries()) {
      const at = merged.findIndex(({ id }) => id === hypothesis.id);
      const before = merged[at];
      if (before !== undefined) {
        const higher = chosen === undefined && rank[hypothesis.prior] > rank[before.prior];
        if (higher) merged[at] = { ...before, prior: hypothesis.prior };
        continue;
      }
      const upstream = plan.hypotheses[index - 1]?.id;
      merged.splice(merged.findIndex(({ id }) => id === upstream) + 1, 0, hypothesis);
    }
  }
  return merged;
}

/** The first of each key. */
function distinct<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(key(item))) first.set(key(item), item);
  return [...first.values()];
}
