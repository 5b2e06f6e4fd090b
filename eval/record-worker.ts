/**
 * A process that runs cases from end to end: a world of its own for each, the real SDKs, facts and checks.
 * Takes a case a message, answers with its recordings or with what went wrong.
 */
import { randomUUID } from "node:crypto";
import { allChecks } from "#checks/index.ts";
import { toReported } from "#commands/check.ts";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import { factsOf } from "#core/check.ts";
import type { Config } from "#core/config.ts";
import type { Fact } from "#core/fact.ts";
import type { Reported } from "#core/target.ts";
import { reportFlags } from "../src/cli/demo/stage.ts";
import { choosePlan, createInvestigator, loadConfig } from "../src/compose.ts";
import { faultNamed } from "../src/sandbox/faults/index.ts";
import type { Fault } from "../src/sandbox/faults/fault.ts";
import { startWorld } from "../src/sandbox/start.ts";
import type { Sandbox } from "../src/sandbox/start.ts";
import type { Case } from "./cases.ts";
import { chanceOf, seedOf, type Chance } from "./chance.ts";
import { conditions } from "./conditions.ts";
import { novelFaults } from "./novel.ts";
import { toRecording, type Recording, type TaskThen } from "./recording.ts";
import { chooseShape } from "./shapes.ts";

/** Share of the IAM actions that the AWS server denies in the second run of a world. */
const deniedShare = 0.3;

/** Of the offline world's ECS services the one that is looked at. */
const apiService = "hokusai-api-development";

const actions = [
  ...new Set(permissionsOf(allChecks.flatMap((check) => factsOf(check)))),
].toSorted();

function permissionsOf(facts: readonly Fact[], seen = new Set<string>()): readonly string[] {
  return facts.flatMap((fact) => {
    if (seen.has(fact.id)) return [];
    seen.add(fact.id);
    return [...fact.permissions, ...permissionsOf(Object.values(fact.needs), seen)];
  });
}

async function record(given: Case): Promise<readonly Recording[]> {
  const chance = chanceOf(seedOf(given.id));
  const shape = chooseShape(given.family, chance, given.tasks);
  const condition = conditions.find(({ id }) => id === given.condition);
  const faults = given.faults.map(
    (id) => novelFaults.find((fault) => fault.id === id) ?? faultNamed(id),
  );
  const happened = condition?.happened?.(chance);
  if (happened !== undefined)
    faults.push({ ...happened, id: given.id, title: given.id, system: "eval" });
  const healed = condition?.healed === undefined ? null : faultNamed(chance.pick(condition.healed));
  const world = await startWorld({
    faults: healed === null ? faults : [healed],
    living: {
      shape: (state) => {
        shape.shape(state);
        condition?.shape?.(state, chance);
      },
      ...timesOf(given, faults, shape.minutesAgo, healed, chance),
    },
  });
  try {
    await world.settled();
    shape.past(world.state);
    condition?.past?.(world.state, chance);
    const denied = chance.some(actions, deniedShare);
    // The first run warms caches: which of the two comes first is left to chance.
    const order = chance.next() < 0.5 ? [[], denied] : [denied, []];
    const recordings: Recording[] = [];
    for (const one of order) {
      world.state.controlPlane.deniedActions = new Set(one);
      recordings.push(await look(world, given, shape.said, one, chance));
    }
    return recordings;
  } finally {
    await world.stop();
  }
}

function timesOf(
  given: Case,
  faults: readonly Fault[],
  minutesAgo: number,
  healed: Fault | null,
  chance: Chance,
): { minutesAgo?: number; healedMinutesAgo?: number } {
  if (healed !== null) return { minutesAgo: 75, healedMinutesAgo: chance.between(12, 40) };
  // A fault that says "two minutes ago" means it.
  const fixed = faults.some(({ report }) => (report?.minutesAgo ?? 20) !== 20);
  return given.truth.length === 0 || fixed ? {} : { minutesAgo };
}

/** One run of the composed investigator on a world. */
async function look(
  world: Sandbox,
  given: Case,
  shape: string,
  denied: readonly string[],
  chance: Chance,
): Promise<Recording> {
  // The AWS SDK reads its credentials from the process itself.
  Object.assign(process.env, world.env);
  const config = await loadConfig({
    env: { LOG_LEVEL: "fatal", ...world.env },
    cwd: new URL("..", import.meta.url).pathname,
  });
  const target = config.models.find((model) => model.id === "21");
  if (target === undefined) throw new Error("hokusai.yaml has no model 21");
  const reported = reportOf(world, config, chance);
  const investigator = await createInvestigator(config);
  try {
    const run = await investigator.run(
      {
        id: randomUUID(),
        target,
        plan: choosePlan(config, null, reported?.symptom ?? null),
        reported,
        asker: { door: "terminal", id: null },
      },
      () => undefined,
    );
    if (run.stopped !== "complete") throw new Error(`the run ended ${run.stopped}: ${run.problem}`);
    const customers = {
      asked: world.customerCalls.length,
      // The first ones came before the fault.
      served: world.customerCalls.slice(-3).filter(({ outcome }) => outcome === 200).length,
      failed: world.customerCalls.filter(({ outcome }) => !(Number(outcome) < 500)).length,
    };
    return toRecording({ case: given, shape, denied, customers, tasks: tasksOf(world) }, run);
  } finally {
    investigator.close();
  }
}

function tasksOf({ state }: Sandbox): readonly TaskThen[] {
  const service = state.ecs.services.find(({ name }) => name === apiService);
  return state.ecs.tasks
    .filter(({ group }) => group === `service:${apiService}`)
    .map((task) => ({
      current: task.taskDefinitionArn === service?.taskDefinition,
      status: task.lastStatus,
      began: task.startedAt !== undefined,
      stuck: task.stuck === true,
    }));
}

/**
 * What the customer said, read as on-call would type it; where nobody complains, half the time somebody
 * believes that something is wrong.
 */
function reportOf({ report }: Sandbox, config: Config, chance: Chance): Reported | null {
  const believed =
    chance.next() < 0.5 ? "" : ` --symptom ${chance.pick(["timeout", "405", "5xx"])}`;
  const flags = report === null ? believed : reportFlags(report);
  const command = parseCommand(`check model 21${flags}`, vocabularyOf(config));
  if (command.verb !== "check") throw new Error(`"${flags}" was not understood`);
  return toReported(command.complaint, Date.now());
}

process.on("message", (given: Case) => {
  record(given).then(
    (recordings) => process.send?.({ id: given.id, recordings }),
    (error: unknown) =>
      process.send?.({
        id: given.id,
        problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  );
});
process.on("disconnect", () => process.exit());
