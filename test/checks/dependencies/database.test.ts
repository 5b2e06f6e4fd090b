import { describe, expect, it } from "vitest";
import { database } from "#checks/dependencies/database.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("dependencies/database", () => {
  it.each([
    "ok",
    "refused",
    "timeout",
    "auth-error",
    "tls-failure",
    "no-name",
    "starting",
    "too-many-connections",
    "broken",
  ])("%s", (outcome) => {
    const seen = {
      endpoint: "db:5432",
      table: "deployed_models",
      outcome,
      code: "X",
      detail: "d",
      tookMs: 2,
      rows: null,
    };
    const judgement = judge(database, { database: seen });
    expect(outcomeOf(judgement)).toBe(outcome);
  });
});
