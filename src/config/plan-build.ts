import type { Echo, Effect, Hypothesis, Mode, Plan } from "#core/plan.ts";
import { nearest } from "#core/nearest.ts";
import type { LibraryFile, PlanFile } from "./plan-schema.ts";
import { placed } from "./plan-places.ts";
import type { Problem } from "./problem.ts";
import { locate } from "./source-tree.ts";
import type { TreeMap } from "./source-tree.ts";

type Effects = Readonly<Record<string, Effect>>;

/** What all plans of one directory share: hypotheses.yaml. */
export interface Library {
  /** In path order. */
  readonly hypotheses: readonly Hypothesis[];
  readonly patterns: Readonly<Record<string, Effects>>;
  readonly other: Plan["other"];
  readonly echoes: readonly Echo[];
  readonly healthyNeeds: Plan["healthyNeeds"];
  readonly chain: Plan["chain"];
}

export const emptyLibrary: Library = {
  hypotheses: [],
  patterns: {},
  other: {},
  echoes: [],
  healthyNeeds: [],
  chain: null,
};

/** Says where something is wrong. */
type Complain = (keys: readonly PropertyKey[], message: string) => void;

const complainTo =
  (tree: TreeMap, problems: Problem[]): Complain =>
  (keys, message) => {
    const { at, path } = locate(tree, keys);
    problems.push({ ...at, path, message });
  };

const meant = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === null ? `there are ${known.join(", ") || "none"}` : `did you mean "${near}"?`;
};

function toEffects(
  own: Effects,
  shown: readonly string[],
  patterns: Library["patterns"],
  complain: (index: number, message: string) => void,
): Effects {
  const effects: Record<string, Effect> = {};
  for (const [index, name] of shown.entries()) {
    const pattern = patterns[name];
    if (pattern === undefined)
      complain(index, `unknown pattern "${name}"; ${meant(name, Object.keys(patterns))}`);
    else Object.assign(effects, pattern);
  }
  return { ...effects, ...own };
}

const toChain = (chain: LibraryFile["chain"]): Plan["chain"] =>
  chain === null
    ? null
    : { check: chain.check, proven: chain.proven, explainedBy: chain["explained-by"] };

function placeEffects(tree: TreeMap, keys: readonly PropertyKey[], effects: Effects): void {
  for (const [check, effect] of Object.entries(effects))
    placed(effect, locate(tree, [...keys, check]));
}

export function buildLibrary(file: LibraryFile, tree: TreeMap, problems: Problem[]): Library {
  const complain = complainTo(tree, problems);
  for (const [name, effects] of Object.entries(file.patterns))
    placeEffects(tree, ["patterns", name], effects);
  const seen = new Set<string>();
  const hypotheses = file.hypotheses.map((row, i): Hypothesis => {
    if (seen.has(row.id)) complain(["hypotheses", i, "id"], `the id "${row.id}" is used twice`);
    seen.add(row.id);
    placeEffects(tree, ["hypotheses", i, "expect"], row.expect);
    const effects = toEffects(row.expect, row.shows, file.patterns, (index, message) =>
      complain(["hypotheses", i, "shows", index], message),
    );
    if (Object.keys(row.expect).length + row.shows.length + Object.keys(row.modes).length === 0)
      complain(["hypotheses", i], "says nothing of what it shows: expect, or modes, is missing");
    const modes = Object.entries(row.modes).map(([id, mode]): Mode => {
      const place = ["hypotheses", i, "modes", id];
      placeEffects(tree, [...place, "expect"], mode.expect);
      const own = toEffects(mode.expect, mode.shows, file.patterns, (index, message) =>
        complain([...place, "shows", index], message),
      );
      return { id, claim: mode.claim, prior: mode.prior, effects: { ...effects, ...own } };
    });
    const hypothesis = {
      id: row.id,
      claim: row.claim,
      prior: row.prior,
      effects,
      ...(modes.length === 0 ? {} : { modes }),
      confirmedBy: placed(row["confirmed-by"], locate(tree, ["hypotheses", i, "confirmed-by"])),
      fixCost: row["fix-cost"],
      next: row.next,
      side: row.side,
    };
    return placed(hypothesis, locate(tree, ["hypotheses", i]));
  });
  const chain = toChain(file.chain);
  if (chain !== null) placed(chain, locate(tree, ["chain"]));
  placed(file.other, locate(tree, ["other"]));
  for (const [i, echo] of file.echoes.entries()) placed(echo, locate(tree, ["echoes", i]));
  placed(file["healthy-needs"], locate(tree, ["healthy-needs"]));
  return {
    hypotheses,
    patterns: file.patterns,
    other: file.other,
    echoes: file.echoes,
    healthyNeeds: file["healthy-needs"],
    chain,
  };
}

export function buildPlan(
  file: PlanFile,
  tree: TreeMap,
  library: Library,
  problems: Problem[],
): Plan {
  const complain = complainTo(tree, problems);
  const place = <Part extends object>(part: Part, ...keys: PropertyKey[]): Part =>
    placed(part, locate(tree, keys));
  const chain = file.chain === undefined ? library.chain : toChain(file.chain);
  if (file.chain !== undefined && chain !== null) place(chain, "chain");
  const plan: Plan = {
    id: file.id,
    title: file.title,
    symptoms: file.symptoms,
    priorities: file.priorities.map((priority, i) => place(priority, "priorities", i)),
    hypotheses: buildHypotheses(file, tree, library, complain),
    other:
      file.other === undefined
        ? library.other
        : place({ ...library.other, ...file.other }, "other"),
    echoes: file.echoes?.map((echo, i) => place(echo, "echoes", i)) ?? library.echoes,
    healthyNeeds:
      file["healthy-needs"] === undefined
        ? library.healthyNeeds
        : place(file["healthy-needs"], "healthy-needs"),
    chain,
    questions: file.questions.map((question, i) => place(question, "questions", i)),
    successCriteria: file["success-criteria"].map((row, i) => {
      const { id, text, verdicts } = row;
      const criterion = {
        id,
        text,
        metBy: row["met-by"],
        ...(verdicts === undefined ? {} : { verdicts }),
      };
      return place(criterion, "success-criteria", i);
    }),
  };
  return place(plan);
}

function buildHypotheses(
  file: PlanFile,
  tree: TreeMap,
  library: Library,
  complain: Complain,
): readonly Hypothesis[] {
  const known = new Map(library.hypotheses.map((hypothesis) => [hypothesis.id, hypothesis]));
  const seen = new Set<string>();
  const own: {
    readonly hypothesis: Hypothesis;
    readonly after: string | undefined;
    readonly index: number;
  }[] = [];
  const shared = new Map<string, Hypothesis>();
  for (const [i, row] of file.hypotheses.entries()) {
    if (seen.has(row.id)) complain(["hypotheses", i, "id"], `the id "${row.id}" is used twice`);
    seen.add(row.id);
    const base = known.get(row.id);
    const hypothesis = buildHypothesis(row, i, base, library, tree, complain);
    if (hypothesis === null) continue;
    if (base === undefined) own.push({ hypothesis, after: row.after, index: i });
    else {
      if (row.after !== undefined) {
        complain(
          ["hypotheses", i, "after"],
          "the place of a shared hypothesis is its place in hypotheses.yaml",
        );
      }
      shared.set(row.id, hypothesis);
    }
  }
  // Path order is the library's, so that listing by likelihood changes nothing.
  const ordered = library.hypotheses.flatMap((hypothesis) => shared.get(hypothesis.id) ?? []);
  for (const { hypothesis, after, index } of own) {
    const at =
      after === undefined ? ordered.length : ordered.findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && at === 0) {
      const ids = ordered.map(({ id }) => id);
      complain(
        ["hypotheses", index, "after"],
        `unknown hypothesis "${after}"; ${meant(after, ids)}`,
      );
    }
    ordered.splice(at, 0, hypothesis);
  }
  return ordered;
}

function buildHypothesis(
  row: PlanFile["hypotheses"][number],
  i: number,
  base: Hypothesis | undefined,
  library: Library,
  tree: TreeMap,
  complain: Complain,
): Hypothesis | null {
  const shown = toEffects(row.expect ?? {}, row.shows ?? [], library.patterns, (index, message) =>
    complain(["hypotheses", i, "shows", index], message),
  );
  placeEffects(tree, ["hypotheses", i, "expect"], row.expect ?? {});
  const claim = row.claim ?? base?.claim;
  const own = row["confirmed-by"];
  if (own !== undefined) placed(own, locate(tree, ["hypotheses", i, "confirmed-by"]));
  const confirmedBy = own ?? base?.confirmedBy;
  const fixCost = row["fix-cost"] ?? base?.fixCost;
  const next = row.next ?? base?.next;
  if (
    claim === undefined ||
    confirmedBy === undefined ||
    fixCost === undefined ||
    next === undefined
  ) {
    const ids = library.hypotheses.map(({ id }) => id);
    const lacking = Object.entries({
      claim,
      "confirmed-by": confirmedBy,
      "fix-cost": fixCost,
      next,
    })
      .filter(([, value]) => value === undefined)
      .map(([key]) => key);
    complain(
      ["hypotheses", i, "id"],
      `"${row.id}" is not in hypotheses.yaml, so it needs ${lacking.join(", ")} here; ${meant(row.id, ids)}`,
    );
    return null;
  }
  const hypothesis: Hypothesis = {
    id: row.id,
    claim,
    prior: row.prior,
    effects: { ...base?.effects, ...shown },
    ...(base?.modes === undefined
      ? {}
      : {
          modes: base.modes.map((mode) => ({ ...mode, effects: { ...mode.effects, ...shown } })),
        }),
    confirmedBy,
    fixCost,
    next,
    side: row.side ?? base?.side ?? "service",
  };
  return placed(hypothesis, locate(tree, ["hypotheses", i]));
}
