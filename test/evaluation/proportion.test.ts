import { describe, expect, it } from "vitest";
import { proportion } from "#evaluation/proportion.ts";

describe("Wilson's interval", () => {
  // Figures of the formula worked by hand (z = 1.96).
  it.each([
    [0, 100, 0, 0, 0.037],
    [100, 100, 1, 0.963, 1],
    [5, 10, 0.5, 0.2366, 0.7634],
    [98, 100, 0.98, 0.93, 0.9945],
    [1, 1, 1, 0.2065, 1],
  ])("%i of %i", (hits, of, share, low, high) => {
    const seen = proportion(hits, of);
    expect(seen.share).toBe(share);
    expect(seen.low).toBeCloseTo(low, 3);
    expect(seen.high).toBeCloseTo(high, 3);
  });

  it("says nothing of nothing", () => {
    expect(proportion(0, 0)).toEqual({ hits: 0, of: 0, share: 0, low: 0, high: 1 });
  });
});
