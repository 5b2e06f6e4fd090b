import { describe, expect, it } from "vitest";
import { diagnose, fromTheInternet, verdictOf } from "./scenario.ts";
import type { Seen } from "./scenario.ts";

const fine: Seen = {
  "container/listening": "listening",
  "container/names": "resolve",
  "container/auth": "ok",
  "container/hub": "ok",
  "container/redis": "ok",
  "container/database": "ok",
};
/** The API answers 503, its logs may not be read, and nothing outside says why. */
const unavailable: Seen = {
  ...fromTheInternet,
  "logs/auth": null,
  "logs/hub": null,
  "logs/redis": null,
  "logs/database": null,
  "logs/model-errors": null,
  "logs/method-not-allowed": null,
  "auth/layers": null,
  "trace/request": null,
  "prediction/with-key": "unavailable-503",
  "prediction/latency": null,
  "api/each-request": null,
  "api/model-info": null,
  "api/model-health": null,
  // Refused as it should be: then the auth service would be reached.
  "prediction/invalid-key": null,
  "load-balancer/errors": "target-5xx",
  "client/request": "same-fails",
};

describe("what the container sees", () => {
  it.each([
    ["auth-unreachable", { "container/auth": "timeout" }],
    ["huggingface-unreachable", { "container/hub": "refused" }],
    ["redis-down", { "container/redis": "timeout" }],
    ["database-down", { "container/database": "refused" }],
    [
      "vpc-names",
      {
        "container/names": "none-resolves",
        "container/auth": "no-name",
        "container/hub": "no-name",
        "container/redis": "no-name",
        "container/database": "no-name",
      },
    ],
  ] as const)("points to %s, which nothing else showed", (id, seen) => {
    // A cache that is gone rarely ends in a 503: something else may be wrong besides.
    const words = id === "redis-down" ? ["possible"] : ["confirmed", "likely"];
    expect(words).toContain(verdictOf(diagnose({ ...unavailable, ...fine, ...seen }), id));
    // Without a look from inside, a 503 points to the one dependency that nobody can see from outside.
    const guesses = id === "database-down" ? ["confirmed"] : ["confirmed", "likely"];
    expect(guesses).not.toContain(verdictOf(diagnose(unavailable), id));
  });

  it("confirms a port that only the process has wrong", () => {
    const seen = {
      "load-balancer/targets": "unhealthy-refused",
      "edge/reach": "gateway-502",
      "edge/addresses": "all-fail",
      "api/health": "failing",
      "ecs/stopped-tasks": "elb-health-check",
    };
    const diagnosis = diagnose({
      ...unavailable,
      ...seen,
      ...fine,
      "container/listening": "other-port",
    });
    expect(verdictOf(diagnosis, "port-mismatch")).toBe("confirmed");
  });

  it("says nothing of what another vantage sees", () => {
    // The hub refuses the bot and not the container: neither is taken back by the other.
    const outside = { ...unavailable, "dependencies/hub": "unreachable" };
    expect(verdictOf(diagnose({ ...outside, ...fine }), "huggingface-unreachable")).not.toBe(
      "ruled-out",
    );
    // A full cache leaves the connection as it is.
    const full = { ...unavailable, "dependencies/redis": "full" };
    expect(diagnose({ ...full, ...fine }).leading).toEqual(diagnose(full).leading);
  });
});
