/** The one place where things are constructed and handed to each other. */
import type { AwsConnection } from "#clients/aws/aws-ports.ts";
import { allChecks } from "#checks/index.ts";
import { loadConfig } from "#config/load.ts";
import { lintPlans, mergePlans } from "#config/plans.ts";
import { toLine } from "#config/problem.ts";
import type { Check } from "#core/check.ts";
import { systemClock, type Clock } from "#core/clock.ts";
import type { Config, Environment } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Plan, SymptomWord } from "#core/plan.ts";
import type { Ports } from "#core/ports.ts";
import { createRedactor, type Redactor } from "#core/redact.ts";
import type { Target } from "#core/target.ts";
import type { Emit, Investigation } from "#core/investigation.ts";
import type { CheckShape } from "#core/diagnosis.ts";
import { explain } from "#diagnosis/explain.ts";
import { toExplanationText } from "#diagnosis/explain-text.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";
import {
  judgeAgain,
  runInvestigation,
  toCheckShape,
  type EngineParts,
  type RunRequest,
} from "#engine/run.ts";
import { version } from "./version.ts";

export { loadConfig };

/** What a run needs, without any door: the terminal uses no more than this. */
export interface Investigator {
  readonly redactor: Redactor;
  readonly clock: Clock;
  engineFor(target: Target): EngineParts;
  run(request: RunRequest, emit: Emit, signal?: AbortSignal): Promise<Investigation>;
  /** Closes idle connections. */
  close(): void;
}

/** Every registered check, by id. */
export const registeredChecks = (): ReadonlyMap<string, Check> =>
  new Map(allChecks.map((check) => [check.id, check]));

/** Judges a saved run again; loads no client and reaches for nothing. */
export const replay = (run: Investigation, plan: Plan = run.plan): Investigation =>
  judgeAgain(run, { checks: registeredChecks(), weigh }, plan);

/** The named plan, or the checks of all plans with the priors that the symptom selects. */
export function choosePlan(config: Config, id: string | null, symptom: SymptomWord | null): Plan {
  if (id === null) return mergePlans(config.plans, symptom);
  const plan = config.plans.find((row) => row.id === id);
  if (plan === undefined) {
    const known = config.plans.map((row) => row.id).join(", ");
    throw new HokusaiError("usage", `There is no plan "${id}": the plans are ${known}.`);
  }
  return plan;
}

const checkShapes = (): Readonly<Record<string, CheckShape>> =>
  Object.fromEntries([...registeredChecks()].map(([id, check]) => [id, toCheckShape(check)]));

/** What is wrong with the configured plans, as lines with file, line and column. */
export const lint = (config: Config): readonly string[] =>
  lintPlans(config.plans, checkShapes()).map(toLine);

/** What speaks for and against a hypothesis of this plan; null where the plan has no such one. */
export function explainHypothesis(id: string, plan: Plan): string | null {
  const explanation = explain(plan, id, checkShapes());
  return explanation === null ? null : toExplanationText(explanation);
}

/** Clients are loaded here and not before: replay, lint and help start without an SDK. */
export async function createInvestigator(
  config: Config,
  clock: Clock = systemClock,
): Promise<Investigator> {
  const [{ createAwsPorts }, { createProbePorts }, { createDependencyPorts }] = await Promise.all([
    import("#clients/aws/aws-ports.ts"),
    import("#clients/probe/index.ts"),
    import("#clients/dependencies.ts"),
  ]);
  const redactor = createRedactor(config.secretValues);
  const checks = registeredChecks();
  const shared = {
    ...createProbePorts({ config, redactor, version }),
    ...createDependencyPorts({ config, redactor, version }),
  };
  const connections = new Map<string, AwsConnection>();
  const awsOf = (environment: Environment): AwsConnection => {
    const known = connections.get(environment.id);
    if (known !== undefined) return known;
    const { region, role } = environment;
    const { endpointUrl } = config.settings.aws;
    const made = createAwsPorts({ region, role, endpointUrl, redactor });
    connections.set(environment.id, made);
    return made;
  };

  const engineFor = (target: Target): EngineParts => {
    const ports: Ports = { ...awsOf(target.service.environment), ...shared };
    return {
      checks,
      weigh,
      pivotal,
      ports,
      clock,
      redactor,
      limits: config.limits,
      vantage: config.network.vantage,
    };
  };

  return {
    redactor,
    clock,
    engineFor,
    run: (request, emit, signal) =>
      runInvestigation(request, engineFor(request.target), emit, signal),
    close() {
      for (const connection of connections.values()) connection.close();
    },
  };
}
