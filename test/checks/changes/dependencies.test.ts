import { describe, expect, it } from "vitest";
import { dependencies } from "#checks/changes/dependencies.ts";
import type { DependencyService } from "#facts/dependency-deployments.ts";
import {
  ago,
  definition,
  deployment,
  findingOf,
  judged,
  now,
  service,
  summaryOf,
  target,
} from "../samples.ts";

const arnOf = (revision: number): string =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/login:${revision}`;
const revisionOf = (revision: number, tag: string) => ({
  ...definition({ name: "login", image: `registry/login:${tag}` }, revision),
  arn: arnOf(revision),
  family: "login",
});
const serviceDeployment = (minutes: number, status = "SUCCESSFUL") => ({
  arn: "d",
  status,
  reason: null,
  createdAt: ago(minutes),
  finishedAt: ago(minutes - 2),
});
const login = (change: Partial<DependencyService> = {}): DependencyService => ({
  dependency: "auth",
  cluster: "main",
  service: "login-service",
  described: service({
    name: "login-service",
    taskDefinition: arnOf(7),
    deployments: [deployment({ taskDefinition: arnOf(7), createdAt: ago(5_000) })],
  }),
  deployments: [serviceDeployment(5_000)],
  revisions: { current: revisionOf(7, "b"), previous: revisionOf(6, "a") },
  unseen: [],
  ...change,
});
const deployedAgo = (minutes: number, status?: string) =>
  login({
    described: service({
      taskDefinition: arnOf(7),
      deployments: [deployment({ taskDefinition: arnOf(7), createdAt: ago(minutes) })],
    }),
    deployments: [serviceDeployment(minutes, status)],
  });
const scaled = (desired: number) =>
  login({ described: service({ desired, running: 0, taskDefinition: arnOf(7) }) });
const gone = login({ described: null, deployments: null, revisions: null });
const refused = {
  reason: "denied",
  detail: "not authorized to perform ecs:DescribeServices",
  mend: "grant ecs:DescribeServices",
  availability: "lost",
} as const;
const hidden: DependencyService = {
  ...gone,
  dependency: "registry",
  service: "mlflow",
  unseen: [refused],
};
const event = (minutes: number, name: string, resources: readonly string[], details = [""]) => ({
  id: "e",
  at: ago(minutes),
  name,
  source: "ecs.amazonaws.com",
  by: "ops",
  resources,
  details: details.filter((one) => one !== ""),
  error: null,
});
const trailOf = (...events: readonly object[]) => ({
  from: ago(1_440),
  complete: true,
  events,
});
/** Complaints that begin 29 minutes ago. */
const history = {
  from: ago(360),
  to: ago(0),
  complete: true,
  counts: [...Array.from({ length: 331 }, () => 0), ...Array.from({ length: 29 }, () => 8)],
};

const rows: readonly (readonly [outcome: string, why: string, facts: Record<string, unknown>])[] = [
  ["none", "it runs, and was deployed days ago", { services: [login()] }],
  ["changed", "deployed in the last two hours", { services: [deployedAgo(60)] }],
  ["none", "deployed longer ago", { services: [deployedAgo(200)] }],
  ["changed", "deployed just before errors began", { services: [deployedAgo(33)], history }],
  ["none", "deployed an hour before errors began", { services: [deployedAgo(95)], history }],
  ["none", "deployed after errors began, as a repair is", { services: [deployedAgo(5)], history }],
  [
    "changed",
    "the trail alone tells of it",
    {
      services: [login()],
      trail: trailOf(event(10, "UpdateService", ["login-service", "main", "login:7"])),
    },
  ],
  [
    "none",
    "a service that is only called alike",
    {
      services: [login()],
      trail: trailOf(event(10, "UpdateService", ["login-service-2", "main", "login-2:7"])),
    },
  ],
  ["not-running", "scaled to zero", { services: [scaled(0)] }],
  ["not-running", "no task of two runs", { services: [scaled(2)] }],
  [
    "not-running",
    "said before what else was deployed",
    { services: [{ ...deployedAgo(10), dependency: "registry" }, scaled(0)] },
  ],
  [
    "rollout-failed",
    "rolled back just now",
    { services: [deployedAgo(20, "ROLLBACK_SUCCESSFUL")] },
  ],
  ["rollout-failed", "stopped by the circuit breaker", { services: [deployedAgo(20, "STOPPED")] }],
  ["none", "rolled back hours ago", { services: [deployedAgo(300, "ROLLBACK_SUCCESSFUL")] }],
  [
    "rollout-failed",
    "its primary deployment failed, whenever that was",
    {
      services: [
        login({ described: service({ deployments: [deployment({ rollout: "FAILED" })] }) }),
      ],
    },
  ],
  ["not-found", "the cluster has none of that name", { services: [gone] }],
  ["changed", "another one is not found", { services: [gone, deployedAgo(20)] }],
  ["not-running", "another one was refused", { services: [hidden, scaled(0)] }],
];

describe("changes/dependencies", () => {
  it.each(rows)("%s: %s", (outcome, _why, facts) => {
    expect(judged(dependencies, facts)).toBe(outcome);
  });

  it("has a row for each outcome", () => {
    expect(new Set(rows.map(([outcome]) => outcome))).toEqual(
      new Set(Object.keys(dependencies.outcomes)),
    );
  });

  it.each([
    ["one of two was refused", [hidden, login()]],
    ["its deployments were refused", [login({ deployments: null, unseen: [refused] })]],
  ])(
    "is not run, for that reason, where %s and nothing is wrong with the rest",
    (_why, services) => {
      expect(dependencies.judge({ services }, { target, reported: null, now })).toEqual({
        notRun: refused,
      });
    },
  );

  it("says what, from what to what, who, and how long before", () => {
    const trail = trailOf(
      event(33, "UpdateService", ["login-service", "main", "login:7"]),
      event(34, "RegisterTaskDefinition", ["login"]),
    );
    expect(summaryOf(dependencies, { services: [deployedAgo(33)], history, trail })).toBe(
      "02:27 UTC auth's service login:7 was deployed (image: registry/login:a -> registry/login:b) by ops, 4 min before errors began",
    );
  });

  it("says which service is idle and who scaled it down", () => {
    const trail = trailOf(
      event(12, "UpdateService", ["login-service", "main"], ["desired count 0"]),
    );
    expect(summaryOf(dependencies, { services: [scaled(0)], trail })).toBe(
      "auth's service login-service is scaled to zero, since 02:48 UTC by ops",
    );
  });

  it("names every service with its tasks and revision, also what was refused", () => {
    const { evidence } = findingOf(dependencies, { services: [hidden, scaled(2)] });
    expect(evidence).toEqual([
      {
        label: "registry's service mlflow",
        seen: "not seen: not authorized to perform ecs:DescribeServices",
      },
      { label: "auth's service login-service", seen: "0 of 2 tasks, login:7" },
    ]);
  });
});
