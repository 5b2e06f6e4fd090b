/**
 * A process of its own: starts the bot on the offline world, then has it asked once. Prints the SDK packages
 * that were loaded at either time, as one JSON document.
 */
import { registerHooks } from "node:module";

const loaded = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const name = /@aws-sdk\/(?<name>client-[^/]+)\//u.exec(url)?.groups?.["name"];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});

const { startWorld } = await import("../../../src/sandbox/start.ts");
const world = await startWorld({ faults: ["healthy"] });
Object.assign(process.env, world.env);
const [{ loadConfig }, { startBot }] = await Promise.all([
  import("../../../src/compose.ts"),
  import("../../../src/compose-bot.ts"),
]);
const config = await loadConfig({ env: { LOG_LEVEL: "fatal", ...world.env }, cwd: process.cwd() });
const bot = await startBot(config, { port: 0 });
await world.settled();
const atBoot = [...loaded].toSorted();
world.slack.driver.connect(`${bot.url ?? ""}/slack/events`);
await world.slack.driver.slashCommand({ text: "check model 21" });
await bot.idle();
process.stdout.write(`${JSON.stringify({ atBoot, afterRun: [...loaded].toSorted() })}\n`);
await bot.stop();
await world.stop();
