/** A look from inside, approved by a button: from Slack through ECS Exec and back, with its audit. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBot, type Bot } from "../../src/compose-bot.ts";
import { loadConfig } from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

const before = { ...process.env };
const action = "hokusai_look_inside";
let world: Sandbox;
let bot: Bot;
let directory: string;
const log: Record<string, unknown>[] = [];

beforeAll(async () => {
  [world, directory] = await Promise.all([
    startWorld({ faults: ["auth-unreachable"], exec: true }),
    mkdtemp(join(tmpdir(), "hokusai-inside-")),
  ]);
  Object.assign(process.env, world.env);
  const config = await loadConfig({
    env: { ...world.env, HOKUSAI_DATA_DIR: directory },
    cwd: process.cwd(),
  });
  const logTo = new Writable({
    write(chunk: Buffer, _, done) {
      log.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  bot = await startBot(config, { port: 0, ledger: "embedded", logTo });
  world.slack.driver.connect(`${bot.url}/slack/events`);
  await world.settled();
}, 90_000);
afterAll(async () => {
  await bot.stop();
  await world.stop();
  await rm(directory, { recursive: true, force: true });
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
}, 60_000);

const settled = async (): Promise<void> => {
  await bot.idle();
  await bot.drained();
};
const messages = () => world.slack.messages("incidents");
const root = () => {
  const found = messages().find(
    ({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null,
  );
  if (found === undefined) throw new Error("no root message");
  return found;
};
const whispered = (user: string): string =>
  messages().findLast(({ ephemeralFor }) => ephemeralFor === user)?.text ?? "";
const newest = async () => {
  const run = await bot.ledger.investigation(bot.newestInvestigation() ?? "");
  if (run === null) throw new Error("no run");
  return run;
};
const sessions = (): number =>
  world.aws.calls.filter((call) => call.action === "ecs:ExecuteCommand").length;
const audited = () =>
  log.flatMap(({ audit }) => {
    const row = audit as
      | { action: string; actor: string; decision: string; target: string }
      | undefined;
    return row?.action === "look-inside" ? [`${row.decision} ${row.actor} ${row.target}`] : [];
  });

it("is offered, refused to others, and done once for who may", { timeout: 90_000 }, async () => {
  const { driver, users } = world.slack;
  await driver.slashCommand({ text: "check model 21" });
  await settled();
  expect(JSON.stringify(root().blocks)).toContain("Look from inside (ECS Exec)");
  const first = await newest();
  expect(first.notRun.filter(({ check }) => check.startsWith("container/"))).toHaveLength(6);
  expect(first.inside).toBeUndefined();
  expect(sessions()).toBe(0);

  // Somebody who may not.
  const offered = root();
  await driver.blockAction({ message: offered, actionId: action, user: users.cs.id });
  await settled();
  expect(bot.newestInvestigation()).toBe(first.id);
  await expect
    .poll(() => whispered(users.cs.id))
    .toBe(
      `You may not approve a look from inside hokusai-api. Ask one of those who may: ${users.oncall.id}.`,
    );

  // On-call, who presses twice, and once more when it is done.
  await Promise.all([
    driver.blockAction({ message: offered, actionId: action }),
    driver.blockAction({ message: offered, actionId: action }),
  ]);
  await settled();
  await driver.blockAction({ message: offered, actionId: action });
  await settled();
  expect(sessions()).toBe(1);

  const looked = await newest();
  expect(looked.id).not.toBe(first.id);
  expect(looked).toMatchObject({ inside: true, asker: { door: "slack", id: users.oncall.id } });
  expect(looked.reported).toEqual(first.reported);
  expect(looked.findings.find(({ check }) => check === "container/auth")).toMatchObject({
    outcome: "timeout",
    vantage: "container",
  });
  expect(looked.diagnosis?.leading).toEqual(["auth-unreachable"]);
  // The same thread, which now says who let it look, and offers no second look.
  const roots = messages().filter(
    ({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null,
  );
  expect(roots).toHaveLength(1);
  const shown = JSON.stringify(root().blocks);
  expect(shown).toContain("look from inside approved by");
  expect(shown).not.toContain(action);
  expect(audited()).toEqual([`denied ${users.cs.id} 21`, `allowed ${users.oncall.id} 21`]);
});

it("is asked for by the slash command too, and refused there", { timeout: 30_000 }, async () => {
  const { driver, users } = world.slack;
  await driver.slashCommand({ text: "check model 21 --inside", user: users.other.id });
  await settled();
  await expect.poll(() => whispered(users.other.id)).toMatch(/^You may not approve/u);
  expect(audited().at(-1)).toBe(`denied ${users.other.id} 21`);
  expect(sessions()).toBe(1);
});
