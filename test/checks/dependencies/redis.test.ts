import { describe, expect, it } from "vitest";
import { redis } from "#checks/dependencies/redis.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("dependencies/redis", () => {
  const seen = {
    endpoint: "redis:6379",
    outcome: "ok",
    code: null,
    detail: "PONG",
    tookMs: 2,
    memory: null,
  };
  const rows: readonly (readonly [string, object])[] = [
    ["ok", seen],
    ["ok", { ...seen, memory: { used: 99, maximum: 100, policy: "allkeys-lru" } }],
    ["full", { ...seen, memory: { used: 99, maximum: 100, policy: "noeviction" } }],
    ["ok", { ...seen, memory: { used: 99, maximum: 0, policy: "noeviction" } }],
    ...[
      "refused",
      "timeout",
      "auth-error",
      "tls-failure",
      "no-name",
      "starting",
      "too-many-connections",
      "broken",
    ].map((outcome) => [outcome, { ...seen, outcome }] as const),
  ];
  it.each(rows)("%s", (outcome, value) => {
    expect(outcomeOf(judge(redis, { redis: value }))).toBe(outcome);
  });
});
