import { describe, expect, it } from "vitest";
import type { Diagnosis } from "#core/diagnosis.ts";
import { diagnose, fromTheInternet, nothingBehindTheLoadBalancer, verdictOf } from "./scenario.ts";
import type { Seen } from "./scenario.ts";

/** The examples of docs/diagnosis.md, with the shipped plans: order and verdict words. */
const scaledToZero: Seen = {
  ...fromTheInternet,
  ...nothingBehindTheLoadBalancer,
  "ecs/service-running": "zero-desired",
  "ecs/task-health": null,
  "load-balancer/targets": "none-registered",
  "discovery/instances": "none",
  "metrics/saturation": null,
};

const denied = (...checks: string[]): Seen =>
  Object.fromEntries(checks.map((check) => [check, null]));

const idsWith = (diagnosis: Diagnosis, verdict: string): readonly string[] =>
  diagnosis.hypotheses.filter((row) => row.verdict === verdict).map(({ id }) => id);

const of = (diagnosis: Diagnosis, id: string) =>
  diagnosis.hypotheses.find((hypothesis) => hypothesis.id === id);

describe("golden example a: desired count 0", () => {
  const diagnosis = diagnose(scaledToZero);

  it("confirms that nothing runs, at 1.00", () => {
    expect(diagnosis.verdict).toBe("fault");
    expect(diagnosis.leading).toEqual(["service-not-running"]);
    expect(diagnosis.hypotheses[0]).toMatchObject({
      id: "service-not-running",
      verdict: "confirmed",
    });
    expect(diagnosis.hypotheses[0]?.probability).toBeGreaterThan(0.995);
  });

  it.each(["startup-failure", "route-conflict", "slow-cold-load"])(
    "leaves %s untested, masked",
    (id) => {
      expect(of(diagnosis, id)).toMatchObject({
        verdict: "untested",
        maskedBy: ["service-not-running"],
      });
    },
  );

  it.each(["load-balancer-misconfigured", "security-group-blocking"])("rules %s out", (id) => {
    expect(verdictOf(diagnosis, id)).toBe("ruled-out");
  });
});

describe("golden example a': the same, with ECS, targets and stopped tasks denied", () => {
  const ecs = [
    "service-running",
    "rollout",
    "stopped-tasks",
    "service-events",
    "task-health",
    "container-port",
    "environment",
    "environment-change",
    "image",
    "secrets",
  ].map((name) => `ecs/${name}`);
  // What AWS cannot say without the service and its tasks is lost with them.
  const behind = [
    "load-balancer/targets",
    "load-balancer/targets-match-tasks",
    "identity/chain",
    "discovery/instances",
    "network/inbound",
    "network/egress-auth",
    "network/egress-redis",
    "network/egress-hub",
    "network/egress-database",
  ];
  const diagnosis = diagnose({ ...scaledToZero, ...denied(...ecs, ...behind) });

  it("still leads, but is only likely", () => {
    expect(diagnosis.hypotheses[0]).toMatchObject({ id: "service-not-running", verdict: "likely" });
  });

  it("asks for the stopped tasks next", () => {
    const first = diagnosis.nextChecks.slice(0, 2).map((one) => one.check);
    expect(first).toContain("ecs/stopped-tasks");
  });

  it("rules out none of what needs the denied facts", () => {
    for (const id of [
      "startup-failure",
      "missing-environment",
      "image-or-secret-pull",
      "security-group-blocking",
      "port-mismatch",
    ]) {
      // A stream that the newest task wrote speaks against a task that never started, and for one that died.
      expect(["untested", "unlikely", "possible"]).toContain(verdictOf(diagnosis, id));
    }
  });
});

describe("golden example b: the customer's URL answers 405 HTML, the API 401 without a key", () => {
  const notAsked = denied("docs/page", "prediction/with-key", "prediction/latency", "auth/layers");
  const elsewhere: Seen = { ...fromTheInternet, ...notAsked, "client/request": "other-host-405" };

  it("confirms the wrong host at .96, on the caller's side, before any key is tried", () => {
    const diagnosis = diagnose(elsewhere, "405");
    expect(diagnosis.leading).toEqual(["wrong-host"]);
    expect(diagnosis.hypotheses[0]).toMatchObject({
      id: "wrong-host",
      verdict: "confirmed",
      side: "caller",
    });
    expect(diagnosis.hypotheses[0]?.probability).toBeCloseTo(0.96, 2);
  });

  it("rules out all else but the fault nobody listed, once everything was looked at", () => {
    const diagnosis = diagnose({ "client/request": "other-host-405" }, "405");
    const open = diagnosis.hypotheses
      .filter(({ id, verdict }) => id !== "wrong-host" && verdict !== "ruled-out")
      .map(({ id, verdict }) => `${id} ${verdict}`);
    expect(open).toEqual(["other unlikely"]);
    expect(verdictOf(diagnosis, "wrong-host")).toBe("confirmed");
  });

  it("takes a page that shows the wrong host as its sign, not as a second fault", () => {
    const diagnosis = diagnose(
      { "client/request": "other-host-405", "docs/page": "other-host" },
      "405",
    );
    expect(diagnosis.leading).toEqual(["wrong-host"]);
    expect(of(diagnosis, "docs-mismatch")).toMatchObject({
      verdict: "untested",
      maskedBy: ["wrong-host"],
    });
  });
});

describe("golden example c: the auth service times out while ECS is healthy", () => {
  const diagnosis = diagnose({
    ...fromTheInternet,
    "logs/auth": "timeouts",
    "dependencies/auth": "timeout",
    "auth/layers": "key-path-stalls",
    "prediction/with-key": "timeout",
    "prediction/invalid-key": "timeout",
    "prediction/latency": "slow",
    "prediction/other-model": null,
    "api/each-request": "all-fail",
    "api/model-info": "failing",
    "api/model-health": "failing",
    "client/request": "same-fails",
    "scope/other-models": "others-fail-too",
    "metrics/latency": "slow",
  });

  it("confirms it at 1.00, and the cold load is masked", () => {
    expect(diagnosis.leading).toEqual(["auth-unreachable"]);
    expect(diagnosis.hypotheses[0]).toMatchObject({ id: "auth-unreachable", verdict: "confirmed" });
    expect(diagnosis.hypotheses[0]?.probability).toBeGreaterThan(0.99);
    expect(of(diagnosis, "slow-cold-load")).toMatchObject({
      verdict: "untested",
      maskedBy: ["auth-unreachable"],
    });
  });

  it("names at most four reasons, strongest first, all for it", () => {
    expect(diagnosis.why.length).toBeGreaterThanOrEqual(3);
    expect(diagnosis.why.length).toBeLessThanOrEqual(4);
    expect(diagnosis.why.map(({ weight }) => weight)).toEqual(
      diagnosis.why.map(({ weight }) => weight).toSorted((a, b) => b - a),
    );
    expect(diagnosis.why.every(({ weight }) => weight > 0)).toBe(true);
  });

  it("says first what to do about it", () => {
    expect(diagnosis.nextSteps[0]?.hypothesis).toBe("auth-unreachable");
  });
});

describe("golden example d: nothing is wrong, or nothing that anybody listed", () => {
  it("is healthy where all is normal", () => {
    const diagnosis = diagnose({}, null);
    expect(diagnosis).toMatchObject({ verdict: "healthy", leading: [], inconclusiveBecause: null });
    expect(diagnosis.probabilityHealthy).toBeGreaterThan(0.97);
    expect(diagnosis.nextSteps).toEqual([]);
    expect(idsWith(diagnosis, "confirmed")).toEqual([]);
  });

  it("is not reproduced where somebody complained", () => {
    expect(diagnose({}, "405").verdict).toBe("not-reproduced");
  });

  it("blames the fault nobody listed for a 500 with every component fine", () => {
    const diagnosis = diagnose(
      {
        "prediction/with-key": "server-error-5xx",
        "prediction/latency": null,
        "logs/model-errors": "some",
      },
      null,
    );
    expect(diagnosis.verdict).toBe("fault");
    expect(diagnosis.leading).toEqual(["other"]);
    expect(diagnosis.hypotheses[0]).toMatchObject({ id: "other", verdict: "likely" });
    expect(diagnosis.hypotheses[0]?.probability).toBeGreaterThan(0.9);
  });
});

describe("golden example e: no task, and a blocked group", () => {
  it("lets both lead", () => {
    const diagnosis = diagnose({ ...scaledToZero, "network/inbound": "blocked-by-group" });
    expect(diagnosis.verdict).toBe("fault");
    expect(diagnosis.leading).toEqual(["security-group-blocking", "service-not-running"]);
    expect(verdictOf(diagnosis, "service-not-running")).toBe("confirmed");
    expect(verdictOf(diagnosis, "security-group-blocking")).toBe("likely");
  });
});
