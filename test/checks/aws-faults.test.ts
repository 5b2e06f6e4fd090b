/** Each abnormal outcome of the AWS checks, reached from a fault of the offline world through the real clients. */
import { describe, expect, it } from "vitest";
import { normalOutcome } from "#core/check.ts";
import { faultNamed } from "../../src/sandbox/faults/index.ts";
import { startLivingWorld } from "../../src/sandbox/world/living.ts";
import { openAwsBench } from "./aws-bench.ts";
import { awsChecks } from "./aws-checks.ts";

type Row = readonly [fault: string, outcomes: Readonly<Record<string, string>>];

/** What the fault has to show; what else it shows is not held against it. */
const rows: readonly Row[] = [
  [
    "service-not-running",
    { "ecs/service-running": "zero-desired", "load-balancer/targets": "none-registered" },
  ],
  ["service-deleted", { "ecs/service-running": "not-found", "identity/chain": "service-unlinked" }],
  [
    "startup-failure",
    {
      "ecs/service-running": "zero-running",
      "ecs/rollout": "in-progress",
      "ecs/stopped-tasks": "application-exit",
      "ecs/service-events": "unable-to-start",
      "logs/startup": "crash",
      "load-balancer/errors": "load-balancer-5xx",
      "logs/onset": "onset",
      "changes/recent": "changed",
    },
  ],
  ["release-failed", { "ecs/rollout": "failed", "logs/startup": "crash" }],
  [
    "release-rolled-back",
    {
      "ecs/stopped-tasks": "past-release",
      "ecs/service-events": "over",
      "ecs/rollout": "rolled-back",
      "ecs/service-running": "running",
      "load-balancer/targets": "healthy",
    },
  ],
  ["missing-environment", { "ecs/environment": "missing", "logs/startup": "missing-variable" }],
  ["out-of-memory", { "ecs/stopped-tasks": "out-of-memory" }],
  ["sigterm-ignored", { "ecs/stopped-tasks": "none", "ecs/service-running": "running" }],
  [
    "image-or-secret-pull",
    { "ecs/stopped-tasks": "image-or-secret", "ecs/image": "missing", "logs/stream": "no-stream" },
  ],
  ["log-group-deleted", { "logs/stream": "group-missing", "ecs/stopped-tasks": "image-or-secret" }],
  [
    "capacity-unavailable",
    {
      "ecs/service-running": "below-desired",
      "ecs/stopped-tasks": "capacity",
      "ecs/service-events": "unable-to-place",
    },
  ],
  [
    "spot-interruption",
    { "ecs/stopped-tasks": "infrastructure", "ecs/service-running": "running" },
  ],
  ["host-maintenance", { "ecs/stopped-tasks": "infrastructure", "ecs/service-running": "running" }],
  ["image-pull-stalls", { "ecs/task-health": "starting", "ecs/service-running": "zero-running" }],
  [
    "port-mismatch",
    { "ecs/task-health": "unhealthy", "load-balancer/targets": "unhealthy-refused" },
  ],
  [
    "security-group-blocking",
    {
      "network/inbound": "blocked-by-group",
      "load-balancer/targets": "unhealthy-timeout",
      "ecs/stopped-tasks": "elb-health-check",
      "ecs/service-events": "unhealthy-targets",
    },
  ],
  [
    "load-balancer-misconfigured",
    { "load-balancer/routing": "other-target-group", "identity/chain": "route-elsewhere" },
  ],
  [
    "rule-deleted",
    { "load-balancer/routing": "fixed-response", "load-balancer/targets": "not-in-use" },
  ],
  ["weight-zero", { "load-balancer/routing": "weight-zero", "load-balancer/targets": "healthy" }],
  ["rule-redirects", { "load-balancer/routing": "redirect" }],
  ["listener-deleted", { "load-balancer/routing": "no-listener" }],
  [
    "fail-open",
    {
      "load-balancer/targets": "unhealthy-response",
      "load-balancer/health-check": "wrong-path-or-port",
      "load-balancer/errors": "none",
    },
  ],
  [
    "health-check-path",
    {
      "load-balancer/targets": "unhealthy-response",
      "load-balancer/health-check": "wrong-path-or-port",
    },
  ],
  [
    "health-check-impatient",
    { "load-balancer/targets": "unhealthy-timeout", "load-balancer/health-check": "too-strict" },
  ],
  [
    "target-stale",
    { "load-balancer/targets-match-tasks": "stale", "load-balancer/targets": "some-unhealthy" },
  ],
  ["target-deregistered", { "load-balancer/targets-match-tasks": "missing" }],
  ["service-unlinked", { "identity/chain": "service-unlinked" }],
  [
    "acl-inbound",
    { "network/inbound": "blocked-by-acl", "load-balancer/targets": "unhealthy-timeout" },
  ],
  [
    "acl-ephemeral-out",
    { "network/inbound": "blocked-by-acl", "load-balancer/targets": "unhealthy-timeout" },
  ],
  [
    "acl-ephemeral-in",
    {
      "network/inbound": "allowed",
      "network/egress-auth": "blocked-by-acl",
      "network/egress-hub": "blocked-by-acl",
      "network/egress-redis": "blocked-by-acl",
      "network/egress-database": "blocked-by-acl",
    },
  ],
  ["acl-one-zone", { "network/inbound": "blocked-by-acl" }],
  ["partial-failure", { "network/inbound": "blocked-by-acl" }],
  [
    "nat-deleted",
    {
      "network/egress-auth": "no-route",
      "network/egress-hub": "no-route",
      "network/egress-redis": "allowed",
      "network/egress-database": "allowed",
      "network/inbound": "allowed",
    },
  ],
  [
    "peering-deleted",
    {
      "network/egress-redis": "no-route",
      "network/egress-database": "no-route",
      "network/egress-auth": "allowed",
    },
  ],
  [
    "auth-egress-revoked",
    {
      "network/egress-auth": "blocked-by-group",
      "network/egress-hub": "blocked-by-group",
      "logs/auth": "timeouts",
    },
  ],
  [
    "data-egress-revoked",
    {
      "network/egress-redis": "blocked-by-group",
      "network/egress-database": "blocked-by-group",
      "logs/redis": "errors",
    },
  ],
  ["discovery-stale", { "discovery/instances": "stale" }],
  ["discovery-empty", { "discovery/instances": "none" }],
  ["dns-elsewhere", { "identity/chain": "dns-elsewhere" }],
  ["dns-other-balancer", { "identity/chain": "route-elsewhere" }],
  ["cpu-saturated", { "metrics/saturation": "saturated", "metrics/latency": "slow" }],
  ["memory-saturated", { "metrics/saturation": "saturated", "metrics/latency": "within" }],
  ["slow-answers", { "metrics/latency": "slow", "metrics/saturation": "within" }],
  [
    "release-just-now",
    {
      "ecs/environment-change": "changed",
      "changes/recent": "changed",
      "ecs/service-running": "running",
      "ecs/rollout": "steady",
      "ecs/stopped-tasks": "none",
    },
  ],
  ["auth-stopped", { "logs/auth": "errors" }],
  ["auth-unreachable", { "logs/auth": "timeouts" }],
  ["redis-down", { "logs/redis": "errors" }],
  [
    "database-down",
    {
      "logs/database": "errors",
      "logs/model-errors": "some",
      "load-balancer/errors": "target-5xx",
    },
  ],
  ["huggingface-unreachable", { "logs/hub": "errors" }],
  ["route-conflict", { "logs/method-not-allowed": "some", "load-balancer/errors": "target-4xx" }],
  ["secret-deleted", { "ecs/secrets": "missing", "ecs/stopped-tasks": "image-or-secret" }],
  ["image-deleted", { "ecs/image": "next-start-fails", "ecs/service-running": "running" }],
  [
    "image-tag-moved",
    {
      "ecs/image": "moved",
      "changes/fix-deployed": "several-images",
      "ecs/service-running": "running",
    },
  ],
  ["secret-lost", { "ecs/secrets": "next-start-fails", "ecs/service-running": "running" }],
  [
    "load-balancer-port",
    { "ecs/container-port": "differ", "load-balancer/targets": "unhealthy-timeout" },
  ],
  ["catalogue-drift", { "identity/catalogue": "drift", "identity/chain": "proven" }],
];

const reached = new Set<string>();

describe.concurrent("a fault shows", () => {
  it.each(rows)("%s", { timeout: 30_000 }, async (fault, expected) => {
    const world = await startLivingWorld([faultNamed(fault)]);
    try {
      await world.settled();
      await using bench = await openAwsBench(world.state);
      const seen = Object.fromEntries(
        await Promise.all(
          awsChecks.map(async (check) => [check.id, await bench.outcome(check)] as const),
        ),
      );
      for (const [check, outcome] of Object.entries(seen)) reached.add(`${check} = ${outcome}`);
      const asked = Object.fromEntries(Object.keys(expected).map((id) => [id, seen[id]]));
      expect(asked).toEqual(expected);
    } finally {
      await world.stop();
    }
  });
});

it("every abnormal outcome is reached from a fault", () => {
  const all = awsChecks.flatMap((check) =>
    Object.keys(check.outcomes)
      .filter((outcome) => outcome !== normalOutcome(check))
      .map((outcome) => `${check.id} = ${outcome}`),
  );
  // These answer --fix, which no fault can ask: rows of their own in changes/fix-deployed.
  expect(all.filter((one) => !reached.has(one))).toEqual([
    "changes/fix-deployed = deployed",
    "changes/fix-deployed = not-deployed",
    "changes/fix-deployed = mixed",
  ]);
});
