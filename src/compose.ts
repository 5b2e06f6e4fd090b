/** The one place where things are constructed and handed to each other. */
import { join } from "node:path";
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
import { createMemoryPredictionCount, type PredictionCount } from "#core/prediction-count.ts";
import { nothingEarlier, type EarlierPort } from "#core/ports/earlier.ts";
import { createRedactor, type Redactor } from "#core/redact.ts";
import type { Target } from "#core/target.ts";
import type { Emit, Investigation } from "#core/investigation.ts";
import type { CheckShape } from "#core/diagnosis.ts";
import { explain } from "#diagnosis/explain.ts";
import { toExplanationText } from "#diagnosis/explain-text.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";
import type { Frequencies } from "#evaluation/frequencies.ts";
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
  /** `earlier`: what the incident's record holds; nothing by default. */
  engineFor(target: Target, earlier?: EarlierPort): EngineParts;
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

/** The words of this plan beside how often each outcome was observed (eval/frequencies.json). */
export async function calibratePlan(plan: Plan, frequencies: Frequencies): Promise<string> {
  const [{ calibrate, calibrationText }, { strengths }] = await Promise.all([
    import("#evaluation/frequencies.ts"),
    import("#diagnosis/numbers.ts"),
  ]);
  const shapes = checkShapes();
  const normal = (check: string): string => shapes[check]?.outcomes[0] ?? "";
  return calibrationText(calibrate(plan, frequencies, strengths, normal));
}

/** The day's test predictions of a terminal, which has no ledger: a file in the data directory. */
export async function terminalPredictions({ settings }: Config): Promise<PredictionCount> {
  const { createPredictionFile } = await import("#clients/probe/prediction-file.ts");
  return createPredictionFile(join(settings.dataDirectory, "predictions.json"));
}

/** Clients are loaded here and not before: replay, lint and help start without an SDK. */
export async function createInvestigator(
  config: Config,
  clock: Clock = systemClock,
  predictions: PredictionCount = createMemoryPredictionCount(),
): Promise<Investigator> {
  const [{ createAwsPorts }, { createProbePorts }, { createDependencyPorts }] = await Promise.all([
    import("#clients/aws/aws-ports.ts"),
    import("#clients/probe/index.ts"),
    import("#clients/dependencies.ts"),
  ]);
  const redactor = createRedactor(config.secretValues);
  const checks = registeredChecks();
  const shared = {
    ...createProbePorts({
      config,
      redactor,
      version,
      predictions,
    }),
    ...createDependencyPorts({ config, redactor, version }),
  };
  const connections = new Map<string, AwsConnection>();
  const awsOf = (environment: Environment): AwsConnection => {
    const known = connections.get(environment.id);
    if (known !== undefined) return known;
    const { region, role } = environment;
    const { endpointUrl, s3EndpointUrl } = config.settings.aws;
    const made = createAwsPorts({ region, role, endpointUrl, s3EndpointUrl, redactor });
    connections.set(environment.id, made);
    return made;
  };
  // Built before anybody asks, so that the first run does not wait for it.
  for (const model of config.models) awsOf(model.service.environment);

  const engineFor = (target: Target, earlier = nothingEarlier): EngineParts => {
    const ports: Ports = { ...awsOf(target.service.environment), ...shared, earlier };
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
