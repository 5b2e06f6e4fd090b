/** The strata that figures are taken in. They are never pooled: an easy one would hide a hard one. */
import { figuresOf, type Figures, type Said } from "#evaluation/score.ts";
import { caseStrata, type CaseStratum } from "./cases.ts";
import type { Weighed } from "./weigh-cases.ts";

export interface StratumFigures {
  readonly stratum: CaseStratum;
  readonly denied: boolean;
  readonly flipped: boolean;
  /** "single, 30% denied, 5% flipped" */
  readonly name: string;
  readonly diagnosis: Figures;
  readonly points: Figures;
  readonly firstSign: Figures;
}

const nameOf = (stratum: CaseStratum, denied: boolean, flipped: boolean): string =>
  [stratum, ...(denied ? ["30% denied"] : []), ...(flipped ? ["5% flipped"] : [])].join(", ");

export const figuresByStratum = (rows: readonly Weighed[]): readonly StratumFigures[] =>
  caseStrata.flatMap((stratum) =>
    [false, true].flatMap((flipped) =>
      [false, true].flatMap((denied) => {
        const inside = rows.filter(
          (row) => row.stratum === stratum && row.denied === denied && row.flipped === flipped,
        );
        if (inside.length === 0) return [];
        const figures = (of: (row: Weighed) => Said): Figures => figuresOf(inside.map(of));
        return [
          {
            stratum,
            denied,
            flipped,
            name: nameOf(stratum, denied, flipped),
            diagnosis: figures(({ said }) => said),
            points: figures(({ points }) => points),
            firstSign: figures(({ firstSign }) => firstSign),
          },
        ];
      }),
    ),
  );

/** What each stratum is held to in the gate, and whether more of it is better. */
export const gated: Readonly<
  Record<
    CaseStratum,
    readonly { readonly figure: keyof Figures; readonly wanted: "more" | "less" }[]
  >
> = {
  single: [
    { figure: "top1", wanted: "more" },
    { figure: "wrongAccusation", wanted: "less" },
  ],
  double: [
    { figure: "allInTop3", wanted: "more" },
    { figure: "wrongAccusation", wanted: "less" },
  ],
  masked: [
    { figure: "top1", wanted: "more" },
    { figure: "truthRuledOut", wanted: "less" },
  ],
  healthy: [{ figure: "calledFault", wanted: "less" }],
  novel: [{ figure: "wrongAccusation", wanted: "less" }],
};
