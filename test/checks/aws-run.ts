/** Whole runs of the composed engine against the offline world, with the checks that a test is about. */
import { randomUUID } from "node:crypto";
import type { Check } from "#core/check.ts";
import { factsOf } from "#core/check.ts";
import type { Config } from "#core/config.ts";
import type { Fact } from "#core/fact.ts";
import type { Emit, Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import type { Reported } from "#core/target.ts";
import { choosePlan, createInvestigator, loadConfig } from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

/** The facts themselves with everything they need, each once. */
export function closureOf(check: Check): readonly Fact[] {
  const known = new Map<string, Fact>();
  const add = (fact: Fact): void => {
    if (known.has(fact.id)) return;
    known.set(fact.id, fact);
    for (const need of Object.values(fact.needs)) add(need);
  };
  for (const fact of factsOf(check)) add(fact);
  return [...known.values()];
}

export interface RunOptions {
  /** Only the plan's checks of these ids; all of them by default. */
  readonly checks?: ReadonlySet<string>;
  readonly reported?: Reported | null;
  readonly emit?: Emit;
}

export interface AwsRuns extends AsyncDisposable {
  readonly world: Sandbox;
  /** Every plan's checks and hypotheses. */
  readonly plan: Plan;
  run(options?: RunOptions): Promise<Investigation>;
}

export async function startAwsRuns(limits: Partial<Config["limits"]> = {}): Promise<AwsRuns> {
  const world = await startWorld({ faults: ["healthy"] });
  await world.settled();
  // The SDK reads its credentials from here and nowhere else.
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    process.env[name] ??= world.env[name] ?? "";
  const loaded = await loadConfig({ env: world.env, cwd: process.cwd() });
  const config = { ...loaded, limits: { ...loaded.limits, ...limits } };
  const investigator = await createInvestigator(config);
  const target = config.models.find((model) => model.id === "21");
  if (target === undefined) throw new Error("hokusai.yaml has no model 21");
  const plan = choosePlan(config, null, null);
  return {
    world,
    plan,
    run: async ({ checks, reported = null, emit = () => undefined } = {}) =>
      investigator.run(
        {
          id: randomUUID(),
          target,
          plan: {
            ...plan,
            priorities: plan.priorities.map((one) => ({
              ...one,
              checks: one.checks.filter((id) => checks?.has(id) ?? true),
            })),
          },
          reported,
          asker: { door: "terminal", id: null },
        },
        emit,
      ),
    [Symbol.asyncDispose]: async () => {
      investigator.close();
      await world.stop();
    },
  };
}
