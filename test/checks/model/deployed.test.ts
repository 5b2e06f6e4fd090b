import { describe, expect, it } from "vitest";
import { deployed } from "#checks/model/deployed.ts";
import { judge, outcomeOf } from "../observations.ts";

const row = (status: string) => ({ id: "3f0c", modelId: "21", status });

describe("model/deployed", () => {
  it.each([
    ["deployed", [row("deployed")]],
    ["deployed", [row("active"), row("retired")]],
    ["missing", []],
    ["not-deployed", [row("stopped")]],
    ["ambiguous", [row("deployed"), row("deployed")]],
    ["not run: not-applicable", null],
  ])("%s", (outcome, rows) => {
    const database = {
      endpoint: "db:5432",
      table: "deployed_models",
      outcome: "ok",
      code: null,
      detail: "",
      tookMs: 1,
      rows,
    };
    expect(outcomeOf(judge(deployed, { database }))).toBe(outcome);
  });

  it("names the permission that is missing", () => {
    const database = {
      endpoint: "db:5432",
      table: "deployed_models",
      outcome: "ok",
      code: "42501",
      detail: "permission denied",
      tookMs: 1,
      rows: null,
    };
    expect(outcomeOf(judge(deployed, { database }))).toBe("not run: denied");
  });
});
