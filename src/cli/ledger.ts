import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import { createRedactor } from "#core/redact.ts";
import type { DurableLedger } from "../compose-store.ts";
import type { Terminal } from "./terminal.ts";

/** The ledger that `npm start` uses with these settings, for as long as `act` runs. */
export async function withLedger<Value>(
  terminal: Terminal,
  act: (ledger: DurableLedger, config: Config) => Promise<Value>,
): Promise<Value> {
  const [{ loadConfig }, { openConfiguredLedger, storeOf }] = await Promise.all([
    import("../compose.ts"),
    import("../compose-store.ts"),
  ]);
  const config = await loadConfig({ env: terminal.env, cwd: terminal.cwd });
  const store = storeOf(config);
  const directory = resolve(config.settings.dataDirectory);
  if (store === "embedded" && !existsSync(join(directory, "ledger"))) {
    throw new HokusaiError("configuration", `There is no ledger in ${directory}.`, {
      next: "Set HOKUSAI_DATA_DIR or DATABASE_URL as the bot has it, and run this where the bot is started.",
    });
  }
  const redactor = createRedactor(config.secretValues);
  const ledger = await openConfiguredLedger(config, store, {
    clock: systemClock,
    redactor,
    onProblem: (problem) => terminal.err(`${redactor.text(problem)}\n`),
  });
  try {
    return await act(ledger, config);
  } finally {
    await ledger.close();
  }
}
