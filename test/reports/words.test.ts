import { describe, expect, it } from "vitest";
import { toWords } from "#reports/words.ts";
import {
  diagnosis,
  faultRun,
  finding,
  hypothesis,
  notRun,
  plan,
  runningRun,
} from "./example-run.ts";

const criterion = (metBy: string[], verdicts?: ["fault"]) => ({
  id: "c",
  text: "c",
  metBy: metBy.map((sign) => ({
    check: sign.split(" = ")[0] ?? "",
    outcome: sign.split(" = ")[1] ?? "",
  })),
  ...(verdicts === undefined ? {} : { verdicts }),
});
const healthy = diagnosis({ verdict: "healthy", leading: [] });

describe("success criteria", () => {
  it.each([
    ["met by the outcome", criterion(["edge/reach = app"]), faultRun(), "met"],
    [
      "met by any outcome",
      criterion(["edge/reach = *", "prediction/with-key = *"]),
      faultRun(),
      "met",
    ],
    ["another outcome", criterion(["prediction/with-key = answered"]), faultRun(), "not-met"],
    ["a check that did not run", criterion(["ecs/rollout = *"]), faultRun(), "not-tested"],
    ["the verdict it needs", criterion(["edge/reach = *"], ["fault"]), faultRun(), "met"],
    [
      "another verdict",
      criterion(["edge/reach = *"], ["fault"]),
      faultRun({ diagnosis: healthy }),
      "not-met",
    ],
    ["no verdict yet", criterion(["edge/reach = *"], ["fault"]), runningRun(), "not-tested"],
  ])("%s", (_name, one, run, state) => {
    expect(toWords({ ...run, plan: { ...plan, successCriteria: [one] } }).criteria[0]?.state).toBe(
      state,
    );
  });
});

describe("coverage", () => {
  it("tells what was lost today from what is never available, grouped by what would mend it", () => {
    const never = {
      reason: "not-applicable",
      detail: "access logs are off",
      mend: "switch them on",
      availability: "never",
    } as const;
    const run = faultRun({
      notRun: [
        notRun("ecs/rollout"),
        notRun("ecs/task-health"),
        notRun("load-balancer/access-logs", never),
      ],
    });
    const words = toWords(run);
    expect(words.coverageLine).toBe(
      "4 of 5 checks ran. Lost today: 2 (2 denied). Never available here: 1.",
    );
    expect(words.lost).toEqual([
      "2 checks (ecs/rollout, ecs/task-health): denied. AccessDenied for ecs:DescribeServices. To mend: grant ecs:DescribeServices",
    ]);
    expect(words.never).toEqual([
      "load-balancer/access-logs: access logs are off. To mend: switch them on",
    ]);
  });
});

describe("reasons and next steps", () => {
  it("puts what is wrong before what is merely absent", () => {
    const run = faultRun({
      diagnosis: diagnosis({
        why: [
          { check: "edge/reach", outcome: "app", summary: "401 in 12 ms", weight: 5 },
          { check: "dependencies/auth", outcome: "timeout", summary: "connect timeout", weight: 3 },
        ],
      }),
    });
    expect(toWords(run).why).toEqual([
      "dependencies/auth: connect timeout",
      "edge/reach: 401 in 12 ms",
    ]);
  });

  it.each([
    [
      "a confirmed fault: the fix, then the same check",
      "confirmed",
      ["Wake its owner.", "Then check again: /hokusai check model 21"],
    ],
    [
      "a likely fault: also what would prove it",
      "likely",
      [
        "Wake its owner.",
        "Find out: ecs/rollout? (ecs/rollout did not run; to mend: grant ecs:DescribeServices)",
        "Then check again: /hokusai check model 21",
      ],
    ],
  ] as const)("%s", (_name, verdict, next) => {
    const run = faultRun({
      diagnosis: diagnosis({
        hypotheses: [hypothesis("auth-unreachable", 0.9, { verdict })],
        nextSteps: [{ hypothesis: "auth-unreachable", step: "Wake its owner" }],
        nextChecks: [{ check: "ecs/rollout", gain: 0.2 }],
      }),
    });
    expect(toWords(run).next).toEqual(next);
  });

  it("names changes before the onset", () => {
    const trail = finding("changes/recent", "degraded", "changed", "1 change before errors began", [
      { label: "02:29", seen: "RevokeSecurityGroupEgress sg-0a1b by deploy-bot" },
    ]);
    const quiet = finding("ecs/rollout", "ok", "steady", "steady for 3 d");
    expect(toWords(faultRun({ findings: [trail, quiet] })).changed).toEqual([
      "1 change before errors began",
      "02:29: RevokeSecurityGroupEgress sg-0a1b by deploy-bot",
    ]);
  });
});
