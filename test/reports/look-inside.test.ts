import { expect, it } from "vitest";
import { approveInside } from "#core/inside.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Hypothesis } from "#core/plan.ts";
import { rootMessage } from "#reports/slack.ts";
import { diagnosis, faultRun, hypothesis, notRun, plan } from "./example-run.ts";

const weighed = (verdict: "confirmed" | "possible" | "ruled-out") =>
  diagnosis({ hypotheses: [hypothesis("auth-unreachable", 0.5, { verdict })] });
const claiming: Hypothesis = {
  id: "auth-unreachable",
  claim: "the auth service cannot be reached",
  prior: "low",
  effects: { "container/auth": { strength: "usual", outcomes: ["timeout"] } },
  confirmedBy: [],
  fixCost: 10,
  next: [],
  side: "service",
};
const waiting = notRun("container/auth", { availability: "moot", mend: approveInside });
const run = (change: Partial<Investigation> = {}): Investigation =>
  faultRun({
    plan: { ...plan, hypotheses: [claiming] },
    notRun: [waiting],
    diagnosis: weighed("possible"),
    ...change,
  });

it.each([
  ["a fault in question would show in it", run(), true],
  ["the fault that leads would show in it", run({ diagnosis: weighed("confirmed") }), true],
  ["nothing in question would", run({ diagnosis: weighed("ruled-out") }), false],
  ["nothing is wrong", run({ diagnosis: { ...weighed("possible"), verdict: "healthy" } }), false],
  ["it is switched off", run({ notRun: [notRun("container/auth")] }), false],
  ["it was looked", run({ notRun: [] }), false],
  ["the run goes on", run({ endedAt: null }), false],
] as const)("the button to look from inside, where %s", (_, seen, offered) => {
  const { blocks } = rootMessage(seen, { incident: "i", ticket: null, nameAsker: true });
  expect(JSON.stringify(blocks).includes("hokusai_look_inside")).toBe(offered);
});

it("says who let it look", () => {
  const asker = { door: "slack", id: "U0ONCALL" } as const;
  const message = (inside: boolean): string =>
    JSON.stringify(
      rootMessage(run({ asker, ...(inside ? { inside } : {}) }), {
        incident: "i",
        ticket: null,
        nameAsker: true,
      }).blocks,
    );
  expect(message(true)).toContain("look from inside approved by");
  expect(message(false)).toContain("asked by");
});
