/** Which worlds are looked at: every one follows from its name, so that a case can be run again alone. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { strata, type Stratum } from "#evaluation/strata.ts";
import { faults } from "../src/sandbox/faults/index.ts";
import { chanceOf, seedOf } from "./chance.ts";
import { conditions } from "./conditions.ts";
import { novelFaults } from "./novel.ts";
import type { Family } from "./shapes.ts";

/** "masked": two faults of which one hides the other, so that nobody can see the second yet. */
export type CaseStratum = Stratum | "masked";

export const caseStrata: readonly CaseStratum[] = [...strata, "masked"];

/** Of labels.yaml: what is really wrong where a fault is present. */
export interface Label {
  readonly verdict: "fault" | "works";
  readonly causes: readonly string[];
  readonly hides?: readonly Place[];
  readonly shows?: Place;
  readonly tasks?: number;
  readonly felt?: readonly string[];
  readonly present?: "stuck";
  readonly gate?: boolean;
  readonly mode?: string;
}

/** Where a fault shows: while no task runs, nothing shows in the program, and so on down the list. */
type Place = "edge" | "start" | "process" | "program" | "answers" | "endpoint" | "served";
const behind: Readonly<Record<Place, readonly Place[]>> = {
  edge: ["edge"],
  start: ["start", "process"],
  process: ["process"],
  program: ["program", "answers", "endpoint", "served"],
  answers: ["answers", "endpoint", "served"],
  endpoint: ["endpoint", "served"],
  served: ["served"],
};

export interface Case {
  /** "scoring/single/redis-down/1": also its seed. */
  readonly id: string;
  readonly stratum: CaseStratum;
  readonly family: Family;
  /** Ids of faults of the offline world, or of a novel one; empty where a condition is enough. */
  readonly faults: readonly string[];
  /** Id of a condition of conditions.ts; null in the other strata. */
  readonly condition: string | null;
  /** For each fault that is present: the hypotheses any of which names it. Empty: nothing is wrong. */
  readonly truth: readonly (readonly string[])[];
  /** Of the one hypothesis that names the one fault: in which of its modes; null elsewhere. */
  readonly mode: string | null;
  /** The world has at least so many tasks. */
  readonly tasks: number;
}

export const labels = parse(
  readFileSync(new URL("labels.yaml", import.meta.url), "utf8"),
) as Readonly<Record<string, Label>>;

const labelOf = (fault: string): Label => {
  const label = labels[fault];
  if (label === undefined) throw new Error(`eval/labels.yaml does not say what "${fault}" is`);
  return label;
};

export interface Sizes {
  /** Worlds per single fault. */
  readonly seeds: number;
  readonly pairs: number;
  /** Pairs of which one hides the other. */
  readonly maskedPairs: number;
  /** Worlds per condition. */
  readonly healthy: number;
  /** Worlds per novel fault. */
  readonly novel: number;
}

export const fullSizes: Readonly<Record<Family, Sizes>> = {
  calibration: { seeds: 2, pairs: 150, maskedPairs: 20, healthy: 12, novel: 1 },
  scoring: { seeds: 2, pairs: 130, maskedPairs: 40, healthy: 50, novel: 6 },
};

const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

export function casesOf(family: Family, sizes: Sizes): readonly Case[] {
  const listed = faults.map(({ id }) => id).filter((id) => id !== "healthy");
  const harmful = listed.filter((id) => labelOf(id).verdict === "fault");
  const latent = listed.filter((id) => labelOf(id).verdict === "works");
  const one = (
    stratum: CaseStratum,
    name: string,
    rest: Partial<Pick<Case, "faults" | "condition" | "truth">>,
  ): Case => ({
    id: `${family}/${stratum}/${name}`,
    stratum,
    family,
    faults: [],
    condition: null,
    truth: [],
    ...rest,
    mode: stratum === "single" ? (labels[rest.faults?.[0] ?? ""]?.mode ?? null) : null,
    tasks: Math.max(1, ...(rest.faults ?? []).map((fault) => labels[fault]?.tasks ?? 1)),
  });
  const pairs = pairsOf(family, harmful, sizes);
  return [
    ...harmful.flatMap((fault) =>
      numbers(sizes.seeds).map((seed) =>
        one("single", `${fault}/${seed}`, { faults: [fault], truth: [labelOf(fault).causes] }),
      ),
    ),
    ...(["double", "masked"] as const).flatMap((stratum) =>
      pairs[stratum].map(([first, second]) =>
        one(stratum, `${first}+${second}`, {
          faults: [first, second],
          truth: [labelOf(first).causes, labelOf(second).causes],
        }),
      ),
    ),
    ...conditions.flatMap((condition) =>
      numbers(sizes.healthy).map((seed) =>
        one("healthy", `${condition.id}/${seed}`, { condition: condition.id }),
      ),
    ),
    // Something is about to go wrong and nobody feels it yet: the API answers.
    ...(sizes.healthy === 0 ? [] : latent).map((fault) =>
      one("healthy", `latent-${fault}/1`, { faults: [fault] }),
    ),
    ...novelFaults.flatMap(({ id }) =>
      numbers(sizes.novel).map((seed) =>
        one("novel", `${id}/${seed}`, { faults: [id], truth: [["other"]] }),
      ),
    ),
  ];
}

type Pair = readonly [string, string];

/** By what the two do to the world: no run is asked. */
const masks = (hider: string, hidden: string): boolean => {
  const { shows } = labelOf(hidden);
  const hides = labelOf(hider).hides ?? [];
  return shows !== undefined && hides.some((place) => behind[place].includes(shows));
};

/** Pairs of faults of different systems with different causes, drawn by the family's name. */
function pairsOf(
  family: Family,
  harmful: readonly string[],
  sizes: Sizes,
): Readonly<Record<"double" | "masked", readonly Pair[]>> {
  const systems = new Map(faults.map(({ id, system }) => [id, system]));
  const chance = chanceOf(seedOf(`${family}/pairs`));
  const drawn = { double: new Map<string, Pair>(), masked: new Map<string, Pair>() };
  const wanted = { double: sizes.pairs, masked: sizes.maskedPairs };
  for (let tries = 0; tries < (wanted.double + wanted.masked) * 50; tries += 1) {
    const [first, second] = [chance.pick(harmful), chance.pick(harmful)].toSorted();
    if (first === undefined || second === undefined || first === second) continue;
    if (systems.get(first) === systems.get(second)) continue;
    const known = new Set(labelOf(first).causes);
    if (labelOf(second).causes.some((cause) => known.has(cause))) continue;
    const kind = masks(first, second) || masks(second, first) ? "masked" : "double";
    if (drawn[kind].size < wanted[kind]) drawn[kind].set(`${first}+${second}`, [first, second]);
  }
  return { double: [...drawn.double.values()], masked: [...drawn.masked.values()] };
}
