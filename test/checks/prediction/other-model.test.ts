import { describe, expect, it } from "vitest";
import { otherModel } from "#checks/prediction/other-model.ts";
import { answered, failed, html, judge, outcomeOf } from "../observations.ts";

describe("prediction/other-model", () => {
  const own = { seen: answered(200) };
  it.each([
    ["refused", own, answered(403)],
    ["accepted", own, answered(200)],
    ["not run: not-applicable", { seen: answered(401) }, answered(401)],
    ["not run: not-applicable", own, html(200, "Are you human?")],
    ["not run: not-applicable", own, failed("headers-timeout")],
  ])("%s", (outcome, prediction, seen) => {
    expect(outcomeOf(judge(otherModel, { prediction, others: [{ model: "22", seen }] }))).toBe(
      outcome,
    );
  });
});
