import { describe, expect, it } from "vitest";
import { onset } from "#checks/load-balancer/onset.ts";
import { requestHistory } from "#facts/request-history.ts";
import type { Fact, GatherContext } from "#core/fact.ts";
import type { MetricQuery } from "#core/ports/aws.ts";
import { ago, balancer, findingOf, judged, now, summaryOf, target } from "../samples.ts";

const each = (value: (minute: number) => number): readonly number[] =>
  Array.from({ length: 358 }, (_, i) => value(i));
const none = each(() => 0);
const history = (change: {
  readonly requests?: readonly number[];
  readonly elb5xx?: readonly number[];
  readonly target5xx?: readonly number[];
}) => ({
  history: {
    from: ago(360),
    to: ago(2),
    requests: each(() => 8),
    elb5xx: none,
    target5xx: none,
    ...change,
  },
});
/** From 02:31 on, 27 minutes before the counts end. */
const since = (count: number, before = 0) => each((i) => (i < 331 ? before : count));

describe("load-balancer/onset", () => {
  it.each([
    ["none", "no error", history({})],
    ["none", "always the same share", history({ elb5xx: each((i) => (i % 4 === 0 ? 1 : 0)) })],
    [
      "none",
      "twice the traffic with its share of errors",
      history({
        requests: each((i) => (i < 180 ? 8 : 16)),
        target5xx: each((i) => (i < 180 ? 4 : 8)),
      }),
    ],
    ["none", "two errors in the last minute", history({ elb5xx: each((i) => (i < 357 ? 0 : 2)) })],
    [
      "onset",
      "the load balancer reaches no target, and counts no request then",
      history({ requests: since(0, 8), elb5xx: since(8) }),
    ],
    ["onset", "the API answers 5xx", history({ target5xx: since(8) })],
    ["onset", "a tenth of the requests", history({ target5xx: since(1) })],
    ["not run", "nobody called", history({ requests: none })],
  ])("%s: %s", (outcome, _why, facts) => {
    expect(judged(onset, facts)).toBe(outcome);
  });

  it("says whose errors they are, since when, and whether they go on", () => {
    expect(summaryOf(onset, history({ requests: since(0, 8), elb5xx: since(8) }))).toBe(
      "the load balancer's errors began 02:31 UTC ±1 min",
    );
    expect(summaryOf(onset, history({ target5xx: since(8) }))).toBe(
      "the API's 5xx answers began 02:31 UTC ±1 min",
    );
    const over = each((i) => (i >= 300 && i < 310 ? 8 : 0));
    expect(summaryOf(onset, history({ elb5xx: over }))).toBe(
      "the load balancer's errors began 02:00 UTC ±2 min (the last 02:09 UTC)",
    );
  });

  it("keeps the course of the errors that stepped up", () => {
    const { course } = findingOf(onset, history({ elb5xx: since(1), target5xx: since(8) }));
    expect(course).toMatchObject({ source: "targets", counts: since(8) });
    expect(findingOf(onset, history({})).course).toMatchObject({ onset: null });
  });
});

describe("request-history", () => {
  const gathered = async (
    points: (query: MetricQuery) => readonly (readonly [number, number])[],
  ) => {
    const asked: { queries: readonly MetricQuery[]; from: number; to: number }[] = [];
    const metrics = {
      series: async (queries: readonly MetricQuery[], window: { from: number; to: number }) => {
        asked.push({ queries, ...window });
        return Object.fromEntries(
          queries.map((query) => [
            query.id,
            points(query).map(([minutesAgo, value]) => ({ at: ago(minutesAgo), value })),
          ]),
        );
      },
    };
    const found = ["main", "second"].map((name) => ({ name, found: balancer({ name }) }));
    const value = (await (requestHistory as unknown as Fact).gather({
      ports: { metrics },
      target,
      reported: null,
      facts: { loadBalancers: [...found, { name: "gone", found: null }] },
      signal: AbortSignal.timeout(1_000),
      now: now + 20_000,
      runId: "0",
    } as unknown as GatherContext<Fact["needs"]>)) as {
      requests: readonly number[];
      elb5xx: readonly number[];
    };
    return { asked, value };
  };

  it("is one call, takes a missing minute for none, and adds up the load balancers", async () => {
    const { asked, value } = await gathered(({ metric }) =>
      metric === "RequestCount" ? [[5, 7]] : metric === "HTTPCode_ELB_5XX_Count" ? [[4, 3]] : [],
    );
    expect(asked.map(({ queries }) => queries.length)).toEqual([6]);
    expect(value.requests.slice(-4)).toEqual([0, 14, 0, 0]);
    expect(value.elb5xx.slice(-4)).toEqual([0, 0, 6, 0]);
  });

  it("ends two minutes before the run began: what is not counted yet is not none", async () => {
    const { asked, value } = await gathered(() => [
      [2, 9],
      [1, 9],
      [0, 9],
    ]);
    expect(asked[0]).toMatchObject({ from: now - 360 * 60_000, to: now - 2 * 60_000 });
    expect(value.requests).toHaveLength(358);
    expect(Math.max(...value.requests)).toBe(0);
  });
});
