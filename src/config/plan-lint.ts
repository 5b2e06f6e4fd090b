import type { CheckShape } from "#core/diagnosis.ts";
import { nearest } from "#core/nearest.ts";
import type { Hypothesis, Plan, Sign } from "#core/plan.ts";
import { anyOutcome, checksOf, modesOf } from "#core/plan.ts";
import { placeOf } from "./plan-places.ts";
import type { Problem } from "./problem.ts";

type CheckShapes = Readonly<Record<string, Pick<CheckShape, "outcomes" | "history">>>;

/**
 * What only shows once the checks are known. Each problem once, in the order of the files; a plan
 * that was not read from a file is named instead of its place.
 */
export function lintPlans(plans: readonly Plan[], checks: CheckShapes): readonly Problem[] {
  const problems: Problem[] = [];
  for (const plan of plans) {
    const report: Report = (part, message, key = "") => {
      const place = part === null ? undefined : placeOf(part);
      const path = [place?.path ?? "", key].filter((piece) => piece !== "").join(".");
      problems.push({
        ...(place?.at ?? { file: `plan ${plan.id}`, line: 0, column: 0 }),
        path,
        message,
      });
    };
    lintPlan(plan, checks, report);
  }
  lintPlanIds(plans, problems);
  lintCoverage(plans, checks, problems);
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...once.values()].toSorted(byPlace);
}

type Report = (part: object | null, message: string, key?: string) => void;

const byPlace = (a: Problem, b: Problem): number =>
  (a.file ?? "").localeCompare(b.file ?? "", "en") || a.line - b.line || a.column - b.column;

function lintPlan(plan: Plan, checks: CheckShapes, report: Report): void {
  const planned = new Set(checksOf(plan));
  const lintSign = (part: object | null, key: string, sign: Sign): void => {
    const problem = problemOf(sign, checks);
    if (problem !== null) report(part, problem, key);
    else if (!planned.has(sign.check)) {
      report(
        part,
        `${sign.check} is in no priority of the plan ${plan.id}, so it never runs there`,
        key,
      );
    }
  };
  lintPriorities(plan, checks, report);
  lintHypotheses(plan, checks, planned, report);
  lintOther(plan, checks, report);
  for (const echo of plan.echoes ?? []) {
    // Shared by plans that do not all run the same checks: only what nobody can give is a mistake.
    const signs = [...echo.unless.map((outcome) => ({ check: echo.of, outcome })), ...echo.signs];
    for (const sign of signs) {
      const problem = problemOf(sign, checks);
      if (problem !== null) report(echo, problem);
    }
  }
  for (const need of plan.healthyNeeds) lintSign(plan.healthyNeeds, "", need);
  if (plan.chain !== null) {
    lintSign(plan.chain, "", { check: plan.chain.check, outcome: plan.chain.proven });
    const ids = plan.hypotheses.map(({ id }) => id);
    for (const id of plan.chain.explainedBy.filter((one) => !ids.includes(one))) {
      report(plan.chain, `unknown hypothesis "${id}"${hint(id, ids)}`, "explained-by");
    }
  }
  lintIds(plan, report);
  for (const question of plan.questions) {
    for (const { when } of question.answers) for (const sign of when) lintSign(question, "", sign);
  }
  for (const criterion of plan.successCriteria) {
    for (const sign of criterion.metBy) lintSign(criterion, "met-by", sign);
  }
}

const hint = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === null ? "" : `; did you mean "${near}"?`;
};

const unknownCheck = (check: string, checks: CheckShapes): string =>
  `there is no check "${check}"${hint(check, Object.keys(checks))}`;

function unknownOutcome(check: string, outcome: string, outcomes: readonly string[]): string {
  const near = nearest(outcome, outcomes);
  const rest =
    near === null ? `its outcomes are ${outcomes.join(", ")}` : `did you mean "${near}"?`;
  return `${check} never gives "${outcome}"; ${rest}`;
}

/** Null where the check can give this outcome. */
function problemOf(sign: Sign, checks: CheckShapes): string | null {
  const shape = checks[sign.check];
  if (shape === undefined) return unknownCheck(sign.check, checks);
  const named = [...shape.outcomes, ...(shape.history ?? [])];
  if (sign.outcome === anyOutcome || named.includes(sign.outcome)) return null;
  return unknownOutcome(sign.check, sign.outcome, named);
}

function lintPriorities(plan: Plan, checks: CheckShapes, report: Report): void {
  const seen = new Set<string>();
  for (const priority of plan.priorities) {
    for (const check of priority.checks) {
      if (checks[check] === undefined) report(priority, unknownCheck(check, checks), "checks");
      if (seen.has(check))
        report(priority, `${check} is listed twice in the plan ${plan.id}`, "checks");
      seen.add(check);
    }
  }
}

function lintHypotheses(
  plan: Plan,
  checks: CheckShapes,
  planned: ReadonlySet<string>,
  report: Report,
): void {
  for (const hypothesis of plan.hypotheses) {
    for (const [check, effect] of modesOf(hypothesis).flatMap(({ effects }) =>
      Object.entries(effects),
    )) {
      const shape = checks[check];
      if (shape === undefined) report(effect, unknownCheck(check, checks));
      else {
        for (const outcome of effect.outcomes.filter((one) => !shape.outcomes.includes(one))) {
          report(effect, unknownOutcome(check, outcome, shape.outcomes));
        }
      }
    }
    for (const { check, outcome } of hypothesis.confirmedBy) {
      const shown = modesOf(hypothesis).some(({ effects }) =>
        effects[check]?.outcomes.includes(outcome),
      );
      if (shown) continue;
      const message = `"${check} = ${outcome}" confirms it, but is not among what it shows (expect)`;
      report(hypothesis.confirmedBy, message);
    }
    if (!hypothesis.confirmedBy.some(({ check }) => planned.has(check))) {
      const message = `the plan ${plan.id} runs none of the checks that could confirm or rule out ${hypothesis.id}`;
      report(hypothesis, message);
    }
  }
  lintAlike(plan, planned, report);
}

/** What a hypothesis says in this plan, without how strongly: strength alone tells nothing apart. */
function claimsKey(hypothesis: Hypothesis, planned: ReadonlySet<string>): string {
  const modes = modesOf(hypothesis).map(({ effects }) => effectsKey(effects, planned));
  return modes.toSorted().join(" / ");
}

function effectsKey(effects: Hypothesis["effects"], planned: ReadonlySet<string>): string {
  return Object.entries(effects)
    .filter(([check]) => planned.has(check))
    .map(([check, { outcomes }]) => `${check}=${outcomes.toSorted().join("|")}`)
    .toSorted()
    .join(" ");
}

function lintAlike(plan: Plan, planned: ReadonlySet<string>, report: Report): void {
  const first = new Map<string, Hypothesis>();
  for (const hypothesis of plan.hypotheses) {
    const key = claimsKey(hypothesis, planned);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, hypothesis);
    else
      report(
        hypothesis,
        `no check of the plan ${plan.id} can tell ${hypothesis.id} from ${twin.id}`,
      );
  }
}

function lintOther(plan: Plan, checks: CheckShapes, report: Report): void {
  for (const [check, weights] of Object.entries(plan.other)) {
    const shape = checks[check];
    if (shape === undefined) {
      report(plan.other, unknownCheck(check, checks));
      continue;
    }
    for (const outcome of Object.keys(weights).filter((one) => !shape.outcomes.includes(one))) {
      report(plan.other, unknownOutcome(check, outcome, shape.outcomes));
    }
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    if (total > 1)
      report(plan.other, `the shares of ${check} add up to ${total.toFixed(2)}, more than 1`);
  }
}

function lintIds(plan: Plan, report: Report): void {
  const lists = [
    ["hypothesis", plan.hypotheses],
    ["question", plan.questions],
    ["success criterion", plan.successCriteria],
  ] as const;
  for (const [what, list] of lists) {
    const seen = new Set<string>();
    for (const part of list) {
      if (seen.has(part.id)) report(part, `two ${what} ids are "${part.id}"`);
      seen.add(part.id);
    }
  }
}

function lintPlanIds(plans: readonly Plan[], problems: Problem[]): void {
  const seen = new Set<string>();
  for (const plan of plans) {
    const at = placeOf(plan)?.at ?? { file: `plan ${plan.id}`, line: 0, column: 0 };
    if (seen.has(plan.id))
      problems.push({ ...at, path: "id", message: `two plans are called "${plan.id}"` });
    seen.add(plan.id);
  }
}

function lintCoverage(plans: readonly Plan[], checks: CheckShapes, problems: Problem[]): void {
  const planned = new Set(plans.flatMap(checksOf));
  for (const check of Object.keys(checks).filter((one) => !planned.has(one))) {
    problems.push({
      file: "plans",
      line: 0,
      column: 0,
      path: "",
      message: `${check} is in no priority of any plan`,
    });
  }
}
