import { describe, expect, it } from "vitest";
import { stepChange } from "#facts/log-history/step-change.ts";

/** A small seeded generator: the rows have to be the same in every run. */
const random = (seed: number) => (): number => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
};
const poisson = (mean: number, next: () => number): number => {
  let count = 0;
  for (let product = next(); product > Math.exp(-mean); product *= next()) count += 1;
  return count;
};
const series = (seed: number, ...parts: readonly [minutes: number, rate: number][]): number[] => {
  const next = random(seed);
  return parts.flatMap(([minutes, rate]) =>
    Array.from({ length: minutes }, () => poisson(rate, next)),
  );
};

describe("stepChange", () => {
  it.each([
    ["none, then 14 a minute", 331, series(1, [331, 0], [29, 14])],
    ["few, then many", 300, series(2, [300, 0.5], [60, 6])],
    ["the last ten minutes", 350, series(3, [350, 0.1], [10, 4])],
  ])("finds %s", (_name, at, counts) => {
    const step = stepChange(counts);
    expect(step).not.toBeNull();
    expect(Math.abs((step?.at ?? 0) - at)).toBeLessThanOrEqual(2);
    expect(step?.low).toBeLessThanOrEqual(at);
    expect(step?.high).toBeGreaterThanOrEqual(at);
  });

  it.each([
    ["no complaints", Array.from({ length: 360 }, () => 0)],
    [
      "one burst of one minute",
      [...Array.from({ length: 200 }, () => 0), 9, ...Array.from({ length: 159 }, () => 0)],
    ],
    ["a step down", series(4, [300, 6], [60, 0.5])],
    ["too short", [0, 9, 9]],
  ])("says nothing of %s", (_name, counts) => {
    expect(stepChange(counts)).toBeNull();
  });

  it("raises at most one false alarm in a hundred steady runs, over-dispersed ones too", () => {
    const alarms = Array.from({ length: 400 }, (_, seed) => {
      const next = random(seed + 10);
      return series(seed + 10, [360, 2]).map((count) => count * (next() < 0.1 ? 5 : 1));
    }).filter((counts) => stepChange(counts) !== null);
    expect(alarms.length).toBeLessThanOrEqual(4);
  });
});
