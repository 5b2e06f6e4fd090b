import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import { terminalReport, terminalTitle } from "#reports/terminal.ts";
import { exitCodeOf, printDocument, readRecord } from "./output.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  json: { means: "print one JSON document, the same bytes as the run's own --json" },
  plan: {
    value: "<plan>",
    means: "judge against this plan as it is now, instead of the one stored with the run",
  },
} as const;

/** hokusai replay run.json [--json] [--plan id]: no network, no AWS, the stored facts only. */
export async function replayVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const [file, ...more] = read.words;
  if (file === undefined || more.length > 0) {
    throw new HokusaiError(
      "usage",
      "replay takes one file: hokusai replay run.json [--json] [--plan <plan>]",
    );
  }
  const text = await readFile(resolve(terminal.cwd, file), "utf8").catch((error: unknown) => {
    throw new HokusaiError("usage", `${file} cannot be read.`, { cause: error });
  });
  const stored = readRecord(text, file);
  const { replay } = await import("../compose.ts");
  const plan =
    read.values.plan === undefined ? stored.plan : await planNow(read.values.plan, terminal);
  const run = replay(stored, plan);
  if (read.values.json === true) printDocument(run, terminal);
  else
    terminal.out(`${terminalTitle(run, terminal.style)}\n${terminalReport(run, terminal.style)}`);
  return exitCodeOf(run);
}

async function planNow(id: string, terminal: Terminal) {
  const { choosePlan, loadConfig } = await import("../compose.ts");
  return choosePlan(await loadConfig({ env: terminal.env, cwd: terminal.cwd }), id, null);
}
