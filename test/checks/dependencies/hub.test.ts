import { describe, expect, it } from "vitest";
import { hub } from "#checks/dependencies/hub.ts";
import { answered, failed, judge, outcomeOf } from "../observations.ts";

describe("dependencies/hub", () => {
  const repository = "o/m";
  it.each([
    ["ok", { repository, token: answered(200), model: answered(200) }],
    ["ok", { repository: null, token: answered(200), model: null }],
    ["unauthorised", { repository, token: answered(401), model: answered(401) }],
    ["not-found", { repository, token: answered(200), model: answered(404) }],
    ["not-found", { repository, token: answered(200), model: answered(401) }],
    [
      "unreachable",
      { repository, token: failed("connect-timeout"), model: failed("connect-timeout") },
    ],
    ["unreachable", { repository, token: answered(503), model: answered(503) }],
    ["not run: not-applicable", { repository, token: null, model: answered(401) }],
  ])("%s", (outcome, value) => {
    expect(outcomeOf(judge(hub, { hub: value }))).toBe(outcome);
  });
});
