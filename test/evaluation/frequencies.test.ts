import { describe, expect, it } from "vitest";
import type { Plan, Strength } from "#core/plan.ts";
import { strengths } from "#diagnosis/numbers.ts";
import { calibrate, calibrationText } from "#evaluation/frequencies.ts";

const plan = (word: Strength, outcomes: readonly string[]): Plan =>
  ({
    hypotheses: [{ id: "redis-down", effects: { "a/check": { strength: word, outcomes } } }],
  }) as unknown as Plan;
const rowOf = (word: Strength, seen: Record<string, number>, outcomes = ["refused"]) => {
  const [row] = calibrate(
    plan(word, outcomes),
    { "redis-down": { "a/check": seen } },
    strengths,
    () => "ok",
  );
  if (row === undefined) throw new Error("no row");
  return row;
};

describe("a plan's word beside what was observed", () => {
  it.each([
    ["fits", "usual", { refused: 16, ok: 4 }, ["refused"], false, "usual"],
    ["says too much", "certain", { refused: 8, ok: 12 }, ["refused"], true, "sometimes"],
    ["says too little", "rare", { refused: 19, ok: 1 }, ["refused"], true, "expected"],
    [
      "may list what is normal anyway",
      "sometimes",
      { ok: 20 },
      ["ok", "refused"],
      false,
      "certain",
    ],
    [
      "adds up its outcomes",
      "usual",
      { refused: 8, timeout: 8, ok: 4 },
      ["refused", "timeout"],
      false,
      "usual",
    ],
    ["was never looked at", "certain", {}, ["refused"], false, "rare"],
  ] as const)("%s", (_, word, seen, outcomes, off, nearest) => {
    const row = rowOf(word, seen, [...outcomes]);
    expect(row.off).toBe(off);
    expect(row.nearest).toBe(nearest);
  });

  it("marks what is off, and counts it", () => {
    const text = calibrationText([rowOf("certain", { refused: 8, ok: 12 })]);
    expect(text).toContain("seen 8 of 20");
    expect(text).toContain("<- sometimes?");
    expect(text).toContain("1 of 1 words lie outside");
  });
});
