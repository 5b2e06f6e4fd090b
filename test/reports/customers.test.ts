import { describe, expect, it } from "vitest";
import { customerStatus, neverChecked } from "#reports/customers.ts";
import { diagnosis, faultRun, finding, hypothesis, runningRun } from "./example-run.ts";

const now = Date.parse("2026-11-21T02:59:11.200Z");
const onset = {
  ...finding("logs/onset", "failing", "onset", "internal words"),
  course: {
    from: "2026-11-21T02:30:00Z",
    counts: [0, 9],
    onset: {
      low: "2026-11-21T02:30:00Z",
      at: "2026-11-21T02:31:00Z",
      high: "2026-11-21T02:32:00Z",
    },
  },
};
const others = (outcome: string) =>
  finding(
    "scope/other-models",
    outcome === "others-work" ? "ok" : "failing",
    outcome,
    "internal words",
  );
const keyed = (status: "ok" | "failing", outcome: string) =>
  finding("prediction/with-key", status, outcome, "internal words");
const caller = diagnosis({
  leading: ["wrong-host"],
  hypotheses: [hypothesis("wrong-host", 0.9, { verdict: "confirmed", side: "caller" })],
});

describe("status for customers", () => {
  it.each([
    [
      "an outage, with its start and reach",
      faultRun({ findings: [keyed("failing", "timeout"), onset, others("others-fail-too")] }),
      "HOK-123",
      "Lead scoring (model 21) is not working for customers since 02:31 UTC. Requests get no answer in time. Other models are affected too; other products were not checked. Ticket HOK-123. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "a fault that nobody feels",
      faultRun({ findings: [keyed("ok", "answered"), others("others-work")] }),
      null,
      "Lead scoring (model 21) answers requests, but we found a fault behind it. The other models that we checked work. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "a caller's mistake",
      faultRun({ diagnosis: caller, findings: [keyed("ok", "answered")] }),
      null,
      "Lead scoring (model 21) works; the failing requests are not sent the way it expects them. The base URL to use is https://api.hokus.ai/api. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "health",
      faultRun({
        diagnosis: diagnosis({ verdict: "healthy", leading: [] }),
        findings: [keyed("ok", "answered")],
      }),
      null,
      "Lead scoring (model 21) works. A test request was answered with a valid result. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "a report that does not show",
      faultRun({
        diagnosis: diagnosis({ verdict: "not-reproduced", leading: [] }),
        reported: { symptom: "timeout", url: null, method: "POST", at: null, requestId: null },
      }),
      null,
      "The reported time-out with Lead scoring (model 21) did not show when we checked. That does not mean that it did not happen: the exact time and the request id of a failed request would help. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "no way to tell",
      faultRun({ diagnosis: diagnosis({ verdict: "inconclusive", leading: [] }) }),
      null,
      "We could not establish whether Lead scoring (model 21) works: 4 of 5 checks could be made. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "a check that goes on",
      runningRun(),
      null,
      "Lead scoring (model 21) is being checked right now; there is no result yet. (as of 02:47 UTC, 12 minutes old)",
    ],
    [
      "a check that broke",
      faultRun({ diagnosis: null, stopped: "failed" }),
      null,
      "We could not establish whether Lead scoring (model 21) works: the check did not finish. (as of 02:47 UTC, 12 minutes old)",
    ],
  ])("says %s", (_name, run, ticket, expected) => {
    expect(customerStatus(run, { now, ticket })).toBe(expected);
  });

  it("gives the day of what is not from today", () => {
    expect(customerStatus(faultRun(), { now: now + 3 * 86_400_000, ticket: null })).toContain(
      "(as of 2026-11-21 02:47 UTC, 3 days old)",
    );
  });

  it("names no internals and promises nothing", () => {
    const text = customerStatus(
      faultRun({ findings: [keyed("failing", "unavailable-503"), onset] }),
      { now, ticket: null },
    );
    expect(text).not.toMatch(/auth|ecs|redis|hokusai-api|team is on it|next update|%/iu);
  });

  it("says that nothing is known", () => {
    expect(neverChecked("Lead scoring", "21")).toBe(
      "No check of Lead scoring (model 21) is on record. To start one: /hokusai check model 21",
    );
  });
});
