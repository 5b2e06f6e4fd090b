/** npm start. */
import module from "node:module";
import { HokusaiError } from "#core/errors.ts";

// Before anything large is read: the next start, a restart above all, takes half the time.
module.enableCompileCache();
const [{ loadConfig }, { startBot }, { storeOf }] = await Promise.all([
  import("./compose.ts"),
  import("./compose-bot.ts"),
  import("./compose-store.ts"),
]);

/** How long a stop may take before the process ends anyway. */
const stopWithinMs = 25_000;

try {
  // oxlint-disable-next-line node/no-process-env -- handed on to config, which is the one that reads it
  const config = await loadConfig({ env: process.env, cwd: process.cwd() });
  const bot = await startBot(config, { ledger: storeOf(config) });
  module.flushCompileCache();
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    bot.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (error) {
  if (!(error instanceof HokusaiError)) throw error;
  process.stderr.write(`${error.message}\n${error.next === undefined ? "" : `${error.next}\n`}`);
  process.exitCode = error.exitCode;
}
