import { describe, expect, it } from "vitest";
import { latency } from "#checks/metrics/latency.ts";
import { saturation } from "#checks/metrics/saturation.ts";
import { ago, judged } from "../samples.ts";

const points = (values: readonly number[]) =>
  values.map((value, i) => ({ at: ago(values.length - i), value }));
const metrics = (change: object) => ({
  metrics: { from: ago(60), to: ago(0), cpu: [], memory: [], loadBalancers: [], ...change },
});

describe("metrics/saturation", () => {
  it.each([
    ["within", metrics({ cpu: points([20, 30]), memory: points([50]) })],
    ["within", metrics({ cpu: points([99, 99, 99, 10, 10, 10, 10, 10]), memory: [] })],
    ["saturated", metrics({ cpu: points([97, 96, 98]), memory: points([40]) })],
    ["saturated", metrics({ cpu: points([5]), memory: points([95]) })],
    ["not run", metrics({})],
  ])("%s", (outcome, facts) => {
    expect(judged(saturation, facts)).toBe(outcome);
  });
});

describe("metrics/latency", () => {
  const hour = (value: number): readonly number[] => Array.from({ length: 60 }, () => value);
  const traffic = (requests: readonly number[], p95: readonly number[]) =>
    metrics({ loadBalancers: [{ name: "main", requests: points(requests), p95: points(p95) }] });
  it.each([
    ["within", traffic([30, 30, 30], [0.2, 0.3, 0.2])],
    ["within", traffic([30, 30, 30], [0.2, 4, 0.2])],
    ["slow", traffic([30, 30, 30], [2, 3, 0.2])],
    ["slow", traffic(hour(30), [...hour(0.1).slice(20), ...hour(2).slice(40)])],
    ["slow", traffic(hour(30), [...hour(0.1).slice(50), ...hour(2).slice(10)])],
    ["slow-throughout", traffic(hour(30), hour(2))],
    [
      "slow-throughout",
      traffic(
        hour(30),
        hour(2).map((value, i) => (i % 5 < 2 ? 0.1 : value)),
      ),
    ],
    ["within", traffic(hour(30), [...hour(2).slice(20), ...hour(0.1).slice(40)])],
    ["not run", traffic([3, 3, 3], [9, 9, 9])],
    ["not run", traffic([], [])],
  ])("%s", (outcome, facts) => {
    expect(judged(latency, facts)).toBe(outcome);
  });
});
