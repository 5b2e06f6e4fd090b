import { describe, expect, it } from "vitest";
import { otherModels } from "#checks/scope/other-models.ts";
import { answered, balancer, failed, judge, notAllowed, outcomeOf } from "../observations.ts";

describe("scope/other-models", () => {
  it.each([
    ["others-work", answered(403)],
    ["others-work", answered(200)],
    ["others-fail-too", notAllowed],
    ["others-fail-too", balancer(503)],
    ["others-fail-too", failed("headers-timeout")],
  ])("%s", (outcome, seen) => {
    expect(
      outcomeOf(
        judge(otherModels, {
          others: [
            { model: "22", seen },
            { model: "23", seen: answered(403) },
          ],
        }),
      ),
    ).toBe(outcome);
  });
});
