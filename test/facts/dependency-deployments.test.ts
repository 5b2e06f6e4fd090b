/** The services behind dependencies, asked for with the real SDK of the offline AWS server. */
import { describe, expect, it } from "vitest";
import type { Service } from "#core/config.ts";
import { systemClock } from "#core/clock.ts";
import type { Gathered } from "#core/fact.ts";
import type { AwsPorts, EcsPort } from "#core/ports/aws.ts";
import type { Ports } from "#core/ports.ts";
import { denied } from "#core/missing.ts";
import { createRedactor } from "#core/redact.ts";
import type { Target } from "#core/target.ts";
import { gatherOne } from "#engine/gather.ts";
import { dependencyDeployments, type DependencyService } from "#facts/dependency-deployments.ts";
import { startAwsBench, type AwsBench } from "../checks/aws-bench.ts";

const registry = (bench: AwsBench, service: string): Target => {
  const { dependencies } = bench.target.service;
  const ecs = { cluster: "hokusai-development", service };
  return withDependencies(bench.target, {
    ...dependencies,
    registry: dependencies.registry === null ? null : { ...dependencies.registry, ecs },
  });
};
const withDependencies = (target: Target, dependencies: Service["dependencies"]): Target => ({
  ...target,
  service: { ...target.service, dependencies },
});

const gather = async (
  { ports, state }: AwsBench,
  target: Target,
  ecs: EcsPort = ports.ecs,
): Promise<Gathered> =>
  gatherOne(
    dependencyDeployments,
    {},
    {
      ports: { ...ports, ecs } satisfies AwsPorts as unknown as Ports,
      target,
      reported: null,
      clock: systemClock,
      redactor: createRedactor(),
      runId: "0",
      startedAt: state.now(),
      signal: new AbortController().signal,
    },
  );
const valueOf = (gathered: Gathered): readonly DependencyService[] =>
  gathered.state === "known" ? (gathered.value as readonly DependencyService[]) : [];

describe("dependency-deployments", () => {
  it("tells counts, deployments, and both revisions with names and no values", async () => {
    await using bench = await startAwsBench();
    const gathered = await gather(bench, bench.target);
    const [auth] = valueOf(gathered);
    expect(auth).toMatchObject({
      dependency: "auth",
      service: "hokusai-auth-development",
      described: { desired: 1, running: 1 },
      deployments: [{ status: "SUCCESSFUL" }],
      revisions: { current: { revision: 6 }, previous: { revision: 5 } },
      unseen: [],
    });
    expect(auth?.revisions?.current?.containers[0]?.variables.map(({ name }) => name)).toEqual([
      "ENVIRONMENT",
      "KEY_STORE_URL",
    ]);
    expect(JSON.stringify(gathered)).not.toContain("dynamodb:");
  });

  it("shows the others where one does not exist", async () => {
    await using bench = await startAwsBench();
    const seen = valueOf(await gather(bench, registry(bench, "no-such-service")));
    expect(
      seen.map(({ dependency, described }) => [dependency, described?.running ?? null]),
    ).toEqual([
      ["auth", 1],
      ["registry", null],
    ]);
    expect(seen[1]?.unseen).toEqual([]);
  });

  it("shows the others where one is refused, and says so of that one", async () => {
    await using bench = await startAwsBench();
    // A policy that is scoped to services: the offline server refuses whole actions only.
    const { ecs } = bench.ports;
    const scoped: EcsPort = {
      ...ecs,
      service: async (cluster, service, signal) => {
        if (service === "hokusai-auth-development")
          throw denied("ecs:DescribeServices", "not authorized");
        return ecs.service(cluster, service, signal);
      },
    };
    const target = registry(bench, "hokusai-mlflow-development");
    const seen = valueOf(await gather(bench, target, scoped));
    expect(seen.map(({ described, unseen }) => [described?.running ?? null, unseen])).toEqual([
      [null, [expect.objectContaining({ reason: "denied", mend: "grant ecs:DescribeServices" })]],
      [1, []],
    ]);
  });

  it.each([
    ["ecs:DescribeServices", null],
    ["ecs:ListServiceDeployments", 1],
    ["ecs:DescribeTaskDefinition", 1],
  ])("names %s where that is refused for all", async (action, running) => {
    await using bench = await startAwsBench((state) => {
      state.controlPlane.deniedActions = new Set([action]);
    });
    const gathered = await gather(bench, bench.target);
    const missing =
      gathered.state === "missing" ? gathered.missing : valueOf(gathered)[0]?.unseen[0];
    expect(missing).toMatchObject({ reason: "denied", mend: `grant ${action}` });
    expect(valueOf(gathered)[0]?.described?.running ?? null).toBe(running);
  });

  it("is never available where the catalogue names none, and says how to name one", async () => {
    await using bench = await startAwsBench();
    const { dependencies } = bench.target.service;
    const auth = dependencies.auth === null ? null : { ...dependencies.auth, ecs: null };
    expect(
      await gather(bench, withDependencies(bench.target, { ...dependencies, auth })),
    ).toMatchObject({
      state: "missing",
      missing: {
        availability: "never",
        mend: expect.stringContaining("dependencies.auth.ecs") as string,
      },
    });
  });
});
