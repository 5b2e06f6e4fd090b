/** What one run costs AWS: each fact once, independent ones side by side, the fast verdict from the cheap ones. */
import { afterEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/start.ts";
import { startAwsRuns, type AwsRuns } from "./aws-run.ts";

type Call = Sandbox["aws"]["calls"][number];

let runs: AwsRuns | null = null;
afterEach(async () => {
  await runs?.[Symbol.asyncDispose]();
  runs = null;
});

/** The longest row of calls of which each came in after the one before it was answered. */
const hops = (calls: readonly Call[]): number => {
  let depth = 0;
  let freeFrom = -Infinity;
  for (const call of calls.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))) {
    if (call.at < freeFrom) continue;
    depth += 1;
    freeFrom = call.endedAt ?? Infinity;
  }
  return depth;
};

/** How many were waited for at once, at most. */
const atOnce = (calls: readonly Call[]): number =>
  Math.max(
    ...calls.map(
      ({ at }) => calls.filter((one) => one.at <= at && (one.endedAt ?? Infinity) > at).length,
    ),
  );

describe("the calls of one run", () => {
  it(
    "ask nothing twice, but for what is waited for and read again",
    { timeout: 40_000 },
    async () => {
      runs = await startAwsRuns();
      const { calls } = runs.world.aws;
      const seen = new Set<string>();
      const from = calls.length;
      let gathered = 0;
      await runs.run({
        emit: (event) => {
          if (event.type !== "fact" || seen.has(event.fact)) return;
          seen.add(event.fact);
          gathered = calls.length;
        },
      });
      const asked = calls
        .slice(from, gathered)
        .map(({ action, input }) => `${action} ${JSON.stringify(input)}`);
      const twice = asked.filter((one, i) => asked.indexOf(one) !== i);
      // A query is asked for its result until it has one, and a log line until it has come.
      expect(
        twice.filter((one) => !/^logs:GetQueryResults|^logs:FilterLogEvents .*hokusai-/u.test(one)),
      ).toEqual([]);
      expect(asked.length).toBeGreaterThan(25);
    },
  );

  it("lie side by side: the fast verdict takes few hops", { timeout: 90_000 }, async () => {
    runs = await startAwsRuns();
    const { state, aws } = runs.world;
    // The first run also loads the clients, which holds back calls that wait for no answer; and an
    // answer takes much longer than a busy machine can hold back the rest.
    await runs.run();
    state.controlPlane.delays = new Map([["*", 600]]);
    const from = aws.calls.length;
    let fast: readonly Call[] = [];
    await runs.run({
      emit: (event) => {
        if (event.type === "verdict" && event.depth === "fast") fast = aws.calls.slice(from);
      },
    });
    expect(hops(fast)).toBeLessThanOrEqual(4);
    expect(atOnce(fast)).toBeGreaterThanOrEqual(6);
    expect(fast.length).toBeGreaterThan(15);
    expect(fast.every((call) => call.endedAt !== null)).toBe(true);
    // What is dear, or slow to load, waits for the deep verdict.
    expect(
      fast
        .map((call) => call.action)
        .filter((action) => /^(?:ec2|cloudtrail|cloudwatch|ecr|secretsmanager):/u.test(action)),
    ).toEqual([]);
    expect(
      fast.filter((call) => call.action === "logs:FilterLogEvents").length,
    ).toBeLessThanOrEqual(3);
    expect(hops(aws.calls.slice(from))).toBeLessThan(20);
  });
});
