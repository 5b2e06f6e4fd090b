import { describe, expect, it } from "vitest";
import { containerPort } from "#checks/ecs/container-port.ts";
import { environmentChange } from "#checks/ecs/environment-change.ts";
import { environment } from "#checks/ecs/environment.ts";
import { rollout } from "#checks/ecs/rollout.ts";
import { serviceEvents } from "#checks/ecs/service-events.ts";
import { serviceRunning } from "#checks/ecs/service-running.ts";
import { stoppedTasks } from "#checks/ecs/stopped-tasks.ts";
import { taskHealth } from "#checks/ecs/task-health.ts";
import type { EcsTask } from "#core/ports/aws.ts";
import {
  ago,
  container,
  definition,
  deployment,
  findingOf,
  groupHealth,
  health,
  judged,
  revisionArn,
  service,
  summaryOf,
  task,
  variable,
} from "../samples.ts";

describe("ecs/service-running", () => {
  it.each([
    ["running", service()],
    ["below-desired", service({ running: 1 })],
    ["zero-running", service({ running: 0, pending: 2 })],
    ["zero-desired", service({ desired: 0, running: 0 })],
    ["not-found", null],
  ])("%s", (outcome, value) => {
    expect(judged(serviceRunning, { service: value })).toBe(outcome);
  });
});

const served = (status: string, minutes: number, reason: string | null = null) => ({
  arn: "d",
  status,
  reason,
  createdAt: ago(minutes + 5),
  finishedAt: ago(minutes),
});
const rollingBack = { at: ago(20), message: "(service api) rolling back to deployment ecs-svc/0." };

describe("ecs/rollout", () => {
  it.each([
    ["steady", service(), [served("SUCCESSFUL", 5_000)]],
    ["steady", service(), [served("SUCCESSFUL", 30), served("ROLLBACK_SUCCESSFUL", 90)]],
    ["steady", service(), [served("ROLLBACK_SUCCESSFUL", 3 * 24 * 60)]],
    ["in-progress", service({ deployments: [deployment({ rollout: "IN_PROGRESS" })] }), []],
    ["in-progress", service({ deployments: [deployment(), deployment({ status: "ACTIVE" })] }), []],
    ["failed", service({ deployments: [deployment({ rollout: "FAILED" })] }), []],
    ["failed", service(), [served("ROLLBACK_FAILED", 10)]],
  ])("%s", (outcome, value, deployments) => {
    expect(judged(rollout, { service: value, deployments })).toBe(outcome);
  });

  it("tells a rollback that looks healthy, with 2 of 2 tasks and COMPLETED", () => {
    const facts = {
      service: service(),
      deployments: [served("ROLLBACK_SUCCESSFUL", 30, "tasks failed to start")],
    };
    expect(judged(rollout, facts)).toBe("rolled-back");
    expect(summaryOf(rollout, facts)).toContain("api:42: tasks failed to start");
  });

  it("falls back on the service events where deployments cannot be read", () => {
    expect(judged(rollout, { service: service({ events: [rollingBack] }) })).toBe("rolled-back");
    expect(judged(rollout, { service: service() })).toBe("steady");
  });
});

const stopped = (change: Partial<EcsTask>, end: Parameters<typeof container>[0] = {}): EcsTask =>
  task({ lastStatus: "STOPPED", stoppedAt: ago(5), containers: [container(end)], ...change });
const exited = {
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
};

describe("ecs/stopped-tasks", () => {
  it.each([
    ["none", "no task", []],
    [
      "none",
      "a deployment",
      [
        stopped(
          {
            stopCode: "ServiceSchedulerInitiated",
            stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
          },
          { exitCode: 143 },
        ),
      ],
    ],
    [
      "none",
      "exit 137 without OOM: a stop that outlasted its time-out",
      [
        stopped(
          {
            stopCode: "ServiceSchedulerInitiated",
            stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
          },
          { exitCode: 137 },
        ),
      ],
    ],
    [
      "none",
      "a person",
      [
        stopped(
          { stopCode: "UserInitiated", stoppedReason: "Task stopped by user" },
          { exitCode: 0 },
        ),
      ],
    ],
    [
      "none",
      "longer ago than an hour",
      [stopped({ ...exited, stoppedAt: ago(90) }, { exitCode: 1 })],
    ],
    ["application-exit", "exit 1", [stopped(exited, { exitCode: 1 })]],
    ["application-exit", "exit 0 of an essential container", [stopped(exited, { exitCode: 0 })]],
    [
      "application-exit",
      "without a stop code",
      [stopped({ stoppedReason: null }, { exitCode: 1 })],
    ],
    [
      "out-of-memory",
      "exit 137 with OOM",
      [
        stopped(exited, {
          exitCode: 137,
          reason: "OutOfMemoryError: Container killed due to memory usage",
        }),
      ],
    ],
    [
      "image-or-secret",
      "no such tag",
      [
        stopped({
          stopCode: "TaskFailedToStart",
          stoppedReason:
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): manifest unknown",
        }),
      ],
    ],
    [
      "image-or-secret",
      "no secret",
      [
        stopped({
          stopCode: "TaskFailedToStart",
          stoppedReason: "ResourceInitializationError: unable to pull secrets or registry auth",
        }),
      ],
    ],
    [
      "elb-health-check",
      "",
      [
        stopped(
          {
            stopCode: "ServiceSchedulerInitiated",
            stoppedReason: "Task failed ELB health checks in (target-group arn:x)",
          },
          { exitCode: 137 },
        ),
      ],
    ],
    [
      "capacity",
      "",
      [
        stopped({
          stopCode: "TaskFailedToStart",
          stoppedReason: "Capacity is unavailable at this time.",
        }),
      ],
    ],
    [
      "infrastructure",
      "",
      [
        stopped(
          { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." },
          { exitCode: 143 },
        ),
      ],
    ],
  ])("%s: %s", (outcome, _why, tasks) => {
    expect(judged(stoppedTasks, { tasks, service: service({ running: 0 }) })).toBe(outcome);
  });

  it("does not know whether a failure is of a revision that is over, where the service is unseen", () => {
    const crashed = [stopped(exited, { exitCode: 1 })];
    expect(judged(stoppedTasks, { tasks: crashed })).toBe("lacks service");
    expect(judged(stoppedTasks, { tasks: [] })).toBe("none");
  });

  it("names the cause that says most when there are several", () => {
    const tasks = [
      stopped(
        { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Task failed ELB health checks" },
        { exitCode: 143 },
      ),
      stopped(exited, { exitCode: 1 }),
    ];
    expect(summaryOf(stoppedTasks, { tasks, service: service({ running: 0 }) })).toBe(
      "1 of 2 stopped tasks: Essential container in task exited; exit code 1 of api",
    );
  });
});

describe("ecs/stopped-tasks that AWS has forgotten", () => {
  const earlier = (change: Partial<EcsTask> = {}) => ({
    task: { ...stopped(exited, { exitCode: 1 }), stoppedAt: ago(150), ...change },
    firstSeen: ago(150),
    lastSeen: ago(95),
  });
  const down = service({ running: 0 });
  it.each([
    ["application-exit", "none runs, of the revision that is asked for", down, [earlier()]],
    ["seen-earlier", "its tasks run", service(), [earlier()]],
    ["seen-earlier", "some of its tasks run", service({ running: 1 }), [earlier()]],
    ["seen-earlier", "it was scaled to zero", service({ desired: 0, running: 0 }), [earlier()]],
    [
      "seen-earlier",
      "another revision is asked for",
      down,
      [earlier({ taskDefinition: revisionArn(41) })],
    ],
    ["seen-earlier", "the service is not to be seen", undefined, [earlier()]],
    ["none", "they stopped normally", down, [earlier({ stopCode: "UserInitiated" })]],
    ["none", "there were none", down, []],
  ])("%s: %s", (outcome, _why, value, seen) => {
    const known = value === undefined ? {} : { service: value };
    expect(judged(stoppedTasks, { tasks: [], earlier: seen, ...known })).toBe(outcome);
  });

  it("are shown as what they are, and beside those that AWS still names", () => {
    expect(summaryOf(stoppedTasks, { tasks: [], service: down, earlier: [earlier()] })).toBe(
      "1 stopped task, last seen 01:25 UTC and forgotten by AWS since: Essential container in task exited; exit code 1 of api",
    );
    const tasks = [stopped(exited, { exitCode: 1 })];
    const { evidence } = findingOf(stoppedTasks, { tasks, service: down, earlier: [earlier()] });
    expect(evidence.map(({ seen }) => seen)).toEqual([
      expect.not.stringContaining("forgotten"),
      expect.stringContaining("seen 01:25 UTC, forgotten by AWS since"),
    ]);
  });
});

describe("ecs/service-events", () => {
  it.each([
    ["quiet", "(service api) has reached a steady state.", 5],
    ["unable-to-start", "(service api) is unable to consistently start tasks successfully.", 5],
    [
      "unable-to-start",
      "(service api) deployment ecs-svc/1 deployment failed: tasks failed to start.",
      5,
    ],
    [
      "unhealthy-targets",
      "(service api) (port 8001) is unhealthy in (target-group arn:x) due to (reason Request timed out).",
      5,
    ],
    ["unable-to-place", "(service api) was unable to place a task.", 5],
    ["quiet", "(service api) was unable to place a task.", 90],
  ])("%s: %s", (outcome, message, minutes) => {
    expect(
      judged(serviceEvents, { service: service({ events: [{ at: ago(minutes), message }] }) }),
    ).toBe(outcome);
  });
});

const defined = (change: Parameters<typeof definition>[0] = {}) => ({
  current: { ...definition(change), registeredAt: ago(60) },
  previous: definition({}, 41),
});
const without = (name: string) =>
  definition().containers[0]?.variables.filter((one) => one.name !== name) ?? [];

describe("ecs/environment", () => {
  it.each([
    ["complete", "a secret counts, and one of the alternatives is enough", {}],
    ["missing", "a variable", { variables: without("AUTH_URL") }],
    ["missing", "a secret", { secrets: [] }],
    ["missing", "one half of an alternative", { variables: without("REDIS_PORT") }],
    [
      "missing",
      "named, but empty",
      { variables: [...without("AUTH_URL"), variable("AUTH_URL", "")] },
    ],
  ])("%s: %s", (outcome, _why, change) => {
    expect(judged(environment, { definition: defined(change) })).toBe(outcome);
  });

  it("names what is missing", () => {
    expect(summaryOf(environment, { definition: defined({ secrets: [] }) })).toBe(
      "api:42 lacks HUB_KEY",
    );
  });

  it("cannot tell without a task definition", () => {
    expect(judged(environment, { definition: { current: null, previous: null } })).toBe("not run");
  });
});

describe("ecs/environment-change", () => {
  it.each([
    ["same", {}, "no difference"],
    ["changed", { image: "registry/api:2" }, "image: registry/api:1 -> registry/api:2"],
    ["changed", { variables: without("REDIS_PORT") }, "REDIS_PORT: removed"],
    ["changed", { variables: [...without(""), variable("NEW")] }, "NEW: added"],
    [
      "changed",
      { variables: [...without("AUTH_URL"), variable("AUTH_URL", "other")] },
      "AUTH_URL: value changed",
    ],
    [
      "changed",
      { secrets: [{ name: "HUB_KEY", from: "arn:other" }] },
      "HUB_KEY: read from another secret",
    ],
    [
      "changed",
      { ports: [{ container: 8000, protocol: "tcp" }] },
      "container ports: [8001] -> [8000]",
    ],
  ])("%s: %o", (outcome, change, line) => {
    expect(judged(environmentChange, { definition: defined(change) })).toBe(outcome);
    expect(summaryOf(environmentChange, { definition: defined(change) })).toContain(line);
  });

  it("is no news after a day", () => {
    const old = { current: definition({ image: "registry/api:2" }), previous: definition({}, 41) };
    expect(judged(environmentChange, { definition: old })).toBe("same");
  });

  it("cannot tell of the first revision", () => {
    expect(
      judged(environmentChange, { definition: { current: definition(), previous: null } }),
    ).toBe("not run");
  });
});

describe("ecs/container-port", () => {
  const facts = (change: Parameters<typeof definition>[0], port: number, checked = health()) => ({
    service: service({ loadBalancers: [{ targetGroup: "g", container: "api", port }] }),
    definition: defined(change),
    health: [groupHealth([checked])],
  });
  it.each([
    ["agree", "the group's own port is only a default", facts({}, 8001)],
    ["differ", "mapping", facts({ ports: [{ container: 8000, protocol: "tcp" }] }, 8001)],
    ["differ", "no mapping", facts({ ports: [] }, 8001)],
    ["differ", "load balancer entry", facts({}, 8000)],
    ["differ", "registered target", facts({}, 8001, health("healthy", null, "10.0.1.10", 8000))],
    ["differ", "health check", facts({}, 8001, { ...health(), healthCheckPort: "9000" })],
    [
      "agree",
      "a second port beside it",
      facts(
        {
          ports: [
            { container: 9090, protocol: "tcp" },
            { container: 8001, protocol: "tcp" },
          ],
        },
        8001,
      ),
    ],
    ["lacks health", "targets unseen", { ...facts({}, 8001), health: undefined }],
    ["differ", "an entry that differs, targets unseen", { ...facts({}, 8000), health: undefined }],
  ])("%s: %s", (outcome, _why, value) => {
    expect(judged(containerPort, value)).toBe(outcome);
  });
});

const pulling = (minutes: number) =>
  task({
    lastStatus: "PENDING",
    health: "UNKNOWN",
    startedAt: null,
    pullStartedAt: ago(minutes),
    pullStoppedAt: null,
  });

describe("ecs/task-health", () => {
  it.each([
    ["healthy", [task()]],
    ["healthy", [task({ health: "UNKNOWN", containers: [container({ health: "UNKNOWN" })] })]],
    ["unhealthy", [task(), task({ health: "UNHEALTHY" })]],
    ["starting", [task(), task({ lastStatus: "PENDING", health: "UNKNOWN" })]],
    ["starting", [pulling(4)]],
    ["starting", [{ ...pulling(9), pullStoppedAt: ago(5) }]],
    ["pull-stalls", [task(), pulling(6)]],
    ["not run", []],
  ])("%s", (outcome, tasks) => {
    expect(judged(taskHealth, { tasks })).toBe(outcome);
  });
});
