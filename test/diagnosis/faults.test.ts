import { describe, expect, it } from "vitest";
import type { SymptomWord } from "#core/plan.ts";
import { diagnose, fromTheInternet, nothingBehindTheLoadBalancer, verdictOf } from "./scenario.ts";
import type { Seen } from "./scenario.ts";

const down: Seen = { ...fromTheInternet, ...nothingBehindTheLoadBalancer };

/** The last revision cannot start and no older task is left. */
const crashLoop: Seen = {
  ...down,
  "ecs/service-running": "zero-running",
  "ecs/rollout": "in-progress",
  "ecs/service-events": "unable-to-start",
  "ecs/environment-change": "changed",
  "ecs/task-health": null,
  "load-balancer/targets": "none-registered",
  "discovery/instances": "none",
  "changes/recent": "changed",
  "metrics/saturation": null,
};

/** The last revision cannot start, and the one before still serves. */
const oldRevisionServes: Seen = {
  ...fromTheInternet,
  "ecs/rollout": "failed",
  "ecs/service-events": "unable-to-start",
  "ecs/environment-change": "changed",
  "changes/recent": "changed",
};

const authStalls: Seen = {
  ...fromTheInternet,
  "logs/auth": "timeouts",
  "logs/onset": "onset",
  "logs/model-errors": "some",
  "auth/layers": "key-path-stalls",
  "prediction/with-key": "unavailable-503",
  "prediction/invalid-key": "server-error",
  "prediction/other-model": null,
  "prediction/latency": null,
  "api/each-request": "all-fail",
  "api/model-info": "failing",
  "api/model-health": "failing",
  "client/request": "same-fails",
  "scope/other-models": "others-fail-too",
  "load-balancer/errors": "target-5xx",
  "metrics/latency": "slow",
};

const wrongHost: Seen = { "client/request": "other-host-405", "docs/page": "other-host" };

const postMissing: Seen = {
  ...fromTheInternet,
  "routes/predict": "post-missing",
  "prediction/with-key": "method-not-allowed-405",
  "prediction/latency": null,
  "prediction/other-model": null,
  "client/request": "same-405-json",
  "logs/method-not-allowed": "some",
  "scope/other-models": "others-fail-too",
};

const blockedInbound: Seen = {
  ...down,
  "network/inbound": "blocked-by-group",
  "load-balancer/targets": "unhealthy-timeout",
  "edge/reach": "timeout",
  "api/health": "timeout",
  "prediction/without-key": "timeout",
  "prediction/invalid-key": "timeout",
  "prediction/with-key": "timeout",
};

interface Row {
  readonly name: string;
  readonly seen: Seen;
  readonly symptom: SymptomWord | null;
  readonly leading: readonly string[];
}

const singles: readonly Row[] = [
  {
    name: "scaled to zero",
    seen: {
      ...down,
      "ecs/service-running": "zero-desired",
      "ecs/task-health": null,
      "load-balancer/targets": "none-registered",
    },
    symptom: "timeout",
    leading: ["service-not-running"],
  },
  {
    name: "crash at start, nothing left",
    seen: { ...crashLoop, "ecs/stopped-tasks": "application-exit", "logs/startup": "crash" },
    symptom: "timeout",
    leading: ["startup-failure"],
  },
  {
    name: "crash at start, the old revision serves",
    seen: {
      ...oldRevisionServes,
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "crash",
    },
    symptom: null,
    leading: ["startup-failure"],
  },
  {
    name: "variable missing, nothing left",
    seen: {
      ...crashLoop,
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "missing-variable",
      "ecs/environment": "missing",
    },
    symptom: "timeout",
    leading: ["missing-environment"],
  },
  {
    name: "variable missing, and the log shows only a traceback",
    seen: {
      ...crashLoop,
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "crash",
      "ecs/environment": "missing",
    },
    symptom: "timeout",
    leading: ["missing-environment"],
  },
  {
    name: "variable missing, the old revision serves",
    seen: {
      ...oldRevisionServes,
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "missing-variable",
      "ecs/environment": "missing",
    },
    symptom: null,
    leading: ["missing-environment"],
  },
  {
    name: "image tag gone, nothing left",
    seen: { ...crashLoop, "ecs/stopped-tasks": "image-or-secret", "logs/stream": "no-stream" },
    symptom: "timeout",
    leading: ["image-or-secret-pull"],
  },
  {
    name: "image tag gone, the old revision serves",
    seen: { ...oldRevisionServes, "ecs/stopped-tasks": "image-or-secret" },
    symptom: null,
    leading: ["image-or-secret-pull"],
  },
  {
    name: "rule forwards to an empty path of the load balancer",
    seen: {
      ...down,
      "load-balancer/routing": "fixed-response",
      "identity/chain": "route-elsewhere",
      "edge/reach": "load-balancer-404",
      "prediction/without-key": "not-found",
      "prediction/invalid-key": "other",
      "prediction/with-key": "not-found-404",
      "load-balancer/targets": "healthy",
    },
    symptom: "timeout",
    leading: ["load-balancer-misconfigured"],
  },
  {
    name: "rule forwards to another application",
    seen: {
      ...fromTheInternet,
      "load-balancer/routing": "other-target-group",
      "identity/chain": "route-elsewhere",
      "prediction/without-key": "not-found",
      "prediction/with-key": "not-found-404",
      "prediction/invalid-key": "other",
      "prediction/latency": null,
      "prediction/other-model": null,
      "auth/layers": null,
      "routes/predict": "path-missing",
      "api/each-request": "all-answer",
      "api/model-info": "not-found",
      "api/model-health": "not-found",
      "client/request": "same-fails",
      "scope/other-models": "others-fail-too",
    },
    symptom: "405",
    leading: ["load-balancer-misconfigured"],
  },
  {
    name: "health check on a path the API does not serve",
    seen: {
      ...down,
      "load-balancer/health-check": "wrong-path-or-port",
      "load-balancer/targets": "unhealthy-response",
      "ecs/stopped-tasks": "elb-health-check",
      "ecs/service-events": "unhealthy-targets",
    },
    symptom: "timeout",
    leading: ["load-balancer-misconfigured"],
  },
  {
    name: "health check wrong, and the load balancer fails open",
    seen: {
      ...fromTheInternet,
      "load-balancer/health-check": "wrong-path-or-port",
      "load-balancer/targets": "unhealthy-response",
      "ecs/service-events": "unhealthy-targets",
    },
    symptom: null,
    leading: ["load-balancer-misconfigured"],
  },
  {
    name: "inbound rule revoked",
    seen: blockedInbound,
    symptom: "timeout",
    leading: ["security-group-blocking"],
  },
  {
    name: "inbound rule revoked, and ECS replaces the tasks",
    seen: {
      ...blockedInbound,
      "ecs/stopped-tasks": "elb-health-check",
      "ecs/service-events": "unhealthy-targets",
      "ecs/service-running": "below-desired",
    },
    symptom: "timeout",
    leading: ["security-group-blocking"],
  },
  {
    name: "auth service hangs",
    seen: { ...authStalls, "dependencies/auth": "timeout" },
    symptom: "timeout",
    leading: ["auth-unreachable"],
  },
  {
    name: "egress to auth revoked, with the hub behind the same rule",
    seen: {
      ...authStalls,
      "network/egress-auth": "blocked-by-group",
      "network/egress-hub": "blocked-by-group",
    },
    symptom: "timeout",
    leading: ["auth-unreachable"],
  },
  {
    name: "website's host, reported as 405",
    seen: { ...fromTheInternet, ...wrongHost },
    symptom: "405",
    leading: ["wrong-host"],
  },
  {
    name: "website's host, reported as time-out",
    seen: { ...fromTheInternet, ...wrongHost },
    symptom: "timeout",
    leading: ["wrong-host"],
  },
  { name: "POST not registered", seen: postMissing, symptom: "405", leading: ["route-conflict"] },
  {
    name: "POST not registered, nobody complained",
    seen: postMissing,
    symptom: null,
    leading: ["route-conflict"],
  },
];

describe("one fault", () => {
  it.each(singles)("$name: $leading", ({ seen, symptom, leading }) => {
    const diagnosis = diagnose(seen, symptom);
    expect(diagnosis.verdict).toBe("fault");
    expect(diagnosis.leading).toEqual(leading);
    expect(diagnosis.hypotheses[0]?.id).toBe(leading[0]);
    expect(verdictOf(diagnosis, leading[0] ?? "")).toBe("confirmed");
    expect(diagnosis.nextSteps[0]?.hypothesis).toBe(leading[0]);
  });
});

const doubles: readonly Row[] = [
  {
    name: "wrong host and auth",
    seen: { ...authStalls, ...wrongHost, "dependencies/auth": "timeout" },
    symptom: "405",
    leading: ["wrong-host", "auth-unreachable"],
  },
  {
    name: "wrong host and no task",
    seen: {
      ...down,
      ...wrongHost,
      "ecs/service-running": "zero-desired",
      "load-balancer/targets": "none-registered",
      "ecs/task-health": null,
    },
    symptom: "405",
    leading: ["wrong-host", "service-not-running"],
  },
  {
    name: "wrong host and the route",
    seen: { ...postMissing, ...wrongHost },
    symptom: "405",
    leading: ["wrong-host", "route-conflict"],
  },
  {
    name: "auth and the route behind it",
    seen: { ...authStalls, "dependencies/auth": "timeout", "routes/predict": "post-missing" },
    symptom: "405",
    leading: ["auth-unreachable", "route-conflict"],
  },
  {
    name: "variable missing and the group blocked",
    seen: {
      ...crashLoop,
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "missing-variable",
      "ecs/environment": "missing",
      "network/inbound": "blocked-by-group",
    },
    symptom: "timeout",
    leading: ["security-group-blocking", "missing-environment"],
  },
];

describe("two faults", () => {
  it.each(doubles)("$name", ({ seen, symptom, leading }) => {
    const diagnosis = diagnose(seen, symptom);
    expect(diagnosis.verdict).toBe("fault");
    expect(diagnosis.leading).toEqual(leading);
    expect(
      diagnosis.hypotheses
        .slice(0, 2)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(leading.toSorted());
  });
});

const quiet: readonly { readonly name: string; readonly seen: Seen }[] = [
  {
    name: "just deployed",
    seen: {
      "ecs/rollout": "in-progress",
      "ecs/environment-change": "changed",
      "changes/recent": "changed",
      "ecs/task-health": "starting",
    },
  },
  {
    name: "old errors in the logs",
    seen: { "logs/auth": "timeouts", "logs/startup": "crash", "logs/onset": "onset" },
  },
  { name: "one slow dependency", seen: { "dependencies/auth": "timeout" } },
  { name: "a certificate that expires soon", seen: { "tls/certificates": "expires-soon" } },
  { name: "5xx in the metrics of an hour ago", seen: { "load-balancer/errors": "target-5xx" } },
];

describe("nothing is wrong", () => {
  it.each(quiet)("$name: healthy", ({ seen }) => {
    const diagnosis = diagnose({ ...fromTheInternet, ...seen }, null);
    expect(diagnosis.verdict).toBe("healthy");
    expect(diagnosis.leading).toEqual([]);
  });

  it("accuses nobody while a deployment brings tasks up", () => {
    const recovering: Seen = {
      ...fromTheInternet,
      "ecs/rollout": "in-progress",
      "ecs/service-running": "below-desired",
      "load-balancer/targets": "some-unhealthy",
      "ecs/task-health": "starting",
    };
    expect(diagnose(recovering, null).verdict).not.toBe("fault");
  });
});
