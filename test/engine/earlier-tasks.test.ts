/** What an incident's first run saw of stopped tasks, in a later run, when AWS has forgotten them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Investigation } from "#core/investigation.ts";
import { createInvestigations, type Investigations } from "#engine/investigate.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import {
  choosePlan,
  createInvestigator,
  loadConfig,
  type Investigator,
} from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

const before = { ...process.env };
let world: Sandbox;
let investigator: Investigator;
let investigations: Investigations;
let run: (channel?: string) => Promise<Investigation>;

beforeAll(async () => {
  world = await startWorld({ faults: ["startup-failure"] });
  await world.settled();
  Object.assign(process.env, world.env);
  const config = await loadConfig({ env: world.env, cwd: process.cwd() });
  investigator = await createInvestigator(config);
  const { clock } = investigator;
  investigations = createInvestigations({
    engineFor: (target, earlier) => investigator.engineFor(target, earlier),
    choosePlan: (plan, symptom) => choosePlan(config, plan, symptom),
    ledger: createMemoryLedger(clock),
    views: [],
    clock,
    onProblem: (what, problem) => {
      throw new Error(`${what}: ${problem}`);
    },
  });
  const target = config.models.find(({ id }) => id === "21");
  if (target === undefined) throw new Error("hokusai.yaml has no model 21");
  run = async (channel = "C1") => {
    const begun = await investigations.investigate({
      target,
      plan: "model-api-timeout",
      reported: null,
      asker: { door: "slack", id: "U1" },
      channel,
      ticket: null,
    });
    return begun.done;
  };
}, 60_000);
afterAll(async () => {
  await investigations.stop();
  investigator.close();
  await world.stop();
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
});

const stopped = ({ findings }: Investigation) =>
  findings.find(({ check }) => check === "ecs/stopped-tasks");

/** The checks that say anything for or against a start that fails. */
const reasonsFor = ({ diagnosis }: Investigation) =>
  diagnosis?.hypotheses
    .find(({ id }) => id === "startup-failure")
    ?.because.map(({ check }) => check);

/** As after an hour. */
const forget = (): void => {
  const { ecs } = world.state;
  ecs.tasks = ecs.tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED");
};

it(
  "counts them while none runs, and tells of them as history once one does",
  { timeout: 60_000 },
  async () => {
    const first = await run();
    expect(stopped(first)).toMatchObject({ outcome: "application-exit" });

    forget();
    const second = await run();
    expect(second.facts["ecs-stopped-tasks"]).toMatchObject({ state: "known", value: [] });
    expect(stopped(second)).toMatchObject({ outcome: "application-exit" });
    expect(stopped(second)?.summary).toMatch(
      /stopped tasks, last seen \d\d:\d\d UTC and forgotten by AWS since: Essential container in task exited; exit code 1/u,
    );
    expect(second.diagnosis?.leading).toContain("startup-failure");
    expect(reasonsFor(second)).toContain("ecs/stopped-tasks");

    await world.heal("startup-failure");
    forget();
    const third = await run();
    expect(stopped(third)).toMatchObject({ outcome: "seen-earlier" });
    expect(third.diagnosis?.leading).not.toContain("startup-failure");
    expect(reasonsFor(third)).not.toContain("ecs/stopped-tasks");

    const elsewhere = await run("C2");
    expect(stopped(elsewhere)).toMatchObject({ outcome: "none" });
  },
);
