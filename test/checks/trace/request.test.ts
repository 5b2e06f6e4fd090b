import { describe, expect, it } from "vitest";
import { request } from "#checks/trace/request.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

const line = (text: string, kind: string | null = null) => ({ at: 1, text, kind });
const requested = line("prediction requested model_id=21 request_id=hokusai-r-1");
const late = line("auth service timeout after 2.0s request_id=hokusai-r-1", "auth-timeout");

describe("trace/request", () => {
  it.each([
    ["answer", answered(200), [requested, line("prediction served request_id=hokusai-r-1")]],
    ["model", answered(503), [requested]],
    ["model", failed("headers-timeout"), [requested]],
    ["model", answered(503), [line("HTTP 500 from the hub", "hub")]],
    ["auth", answered(503), [late]],
    ["auth", failed("headers-timeout"), [late]],
    ["load-balancer", balancer(503), []],
    ["not run: not-applicable", answered(200), []],
    ["not run: not-applicable", answered(503), [line("something else")]],
  ])("%s", (outcome, seen, lines) => {
    const trace = { requestId: "hokusai-r-1", lines, waitedSeconds: 5, group: true };
    expect(outcomeOf(judge(request, { trace, prediction: { seen } }))).toBe(outcome);
  });

  it("says how long it looked, and what may be the reason", () => {
    const trace = { requestId: "hokusai-r-1", lines: [], waitedSeconds: 5, group: true };
    expect(judge(request, { trace, prediction: { seen: answered(200) } })).toMatchObject({
      notRun: { detail: expect.stringContaining("not found within 5 s; the log driver may drop") },
    });
    expect(
      judge(request, { trace: { ...trace, group: false }, prediction: { seen: answered(200) } }),
    ).toMatchObject({ notRun: { detail: "the log group does not exist" } });
  });
});
