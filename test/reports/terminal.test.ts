import { describe, expect, it } from "vitest";
import { terminalProgress, terminalReport } from "#reports/terminal.ts";
import { faultRun, finding, notRun } from "./example-run.ts";

const plain = { colour: false, width: null };
const at = "2026-11-21T02:47:01.000Z";
const run = faultRun();

describe("terminal", () => {
  it("shows one line a check as it goes", () => {
    const lines = [
      terminalProgress(
        run,
        {
          type: "started",
          at,
          id: run.id,
          target: run.target,
          plan: run.plan,
          reported: null,
          asker: run.asker,
          vantage: run.vantage,
        },
        plain,
      ),
      ...run.findings.map((row) =>
        terminalProgress(run, { type: "finding", at, finding: row }, plain),
      ),
      terminalProgress(run, { type: "not-run", at, notRun: notRun("ecs/rollout") }, plain),
    ];
    expect(lines).toEqual([
      "model 21 · Sales Lead Scoring v2 · plan model-api-timeout",
      "  P1  ok  ecs/service-running            2 of 2 tasks",
      "  P2  ok  edge/reach                     401 from the app in 12 ms",
      "  P2  ✗   prediction/with-key            503 after 10.0 s",
      "  P2  ✗   dependencies/auth              connect timeout after 3.0 s",
      "      -   ecs/rollout                    not run: AccessDenied for ecs:DescribeServices",
    ]);
  });

  it("ends with verdict, reasons, hypotheses, what could not be checked and what next", () => {
    expect(terminalReport(run, plain)).toBe(`
Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.  (11.2 s)
production · account 123456789012 · us-east-1
4 of 5 checks ran. Lost today: 1 (1 denied).

What is wrong
  The API cannot reach its auth service.
  What customers get: 503 after 10.0 s.

Why we say so
  (1) dependencies/auth: connect timeout after 3.0 s
  (2) prediction/with-key: 503 after 10.0 s

Hypotheses
   97%  Auth unreachable: confirmed
        + dependencies/auth: connect timeout after 3.0 s
        + prediction/with-key: 503 after 10.0 s
        - nothing speaks against it
    2%  Slow cold load: untested, masked by auth unreachable
  ruled out: redis down

Could not check, lost today
  ecs/rollout: denied. AccessDenied for ecs:DescribeServices. To mend: grant ecs:DescribeServices

Next
  1. Restore egress 443 on the task's security group.
  2. Then check again: hokusai check model 21
`);
  });

  it("colours only where it is asked to, and lets no colour or line in from outside", () => {
    const event = {
      type: "finding",
      at,
      finding: finding("edge/reach", "failing", "timeout", "\u001B[31mred\u001B[0m\nP1 ok forged"),
    } as const;
    expect(terminalProgress(run, event, plain)).toBe(
      "  P2  ✗   edge/reach                     [31mred [0m P1 ok forged",
    );
    expect(terminalProgress(run, event, { colour: true, width: null })).toContain(
      "\u001B[31m✗ \u001B[0m",
    );
  });

  it("cuts lines at the terminal's width and says so", () => {
    const line = terminalProgress(
      run,
      { type: "finding", at, finding: finding("edge/reach", "ok", "app", "x".repeat(200)) },
      { colour: false, width: 80 },
    );
    expect(line).toHaveLength(80);
    expect(line).toMatch(/… \(cut\)$/u);
  });
});
