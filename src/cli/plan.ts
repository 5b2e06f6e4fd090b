import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import { listed, nearest } from "#core/nearest.ts";
import type { Terminal } from "./terminal.ts";

/** hokusai plan lint | hokusai plan explain <hypothesis> | hokusai plan calibrate [frequencies.json] */
export async function planVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, {});
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const [verb, subject, ...more] = read.words;
  if (verb === "lint" && subject === undefined) return lintVerb(terminal);
  if (verb === "explain" && subject !== undefined && more.length === 0)
    return explainVerb(subject, terminal);
  if (verb === "calibrate" && more.length === 0) return calibrateVerb(subject, terminal);
  throw new HokusaiError(
    "usage",
    "plan takes: hokusai plan lint, hokusai plan explain <hypothesis>, or hokusai plan calibrate",
  );
}

async function lintVerb(terminal: Terminal): Promise<number> {
  const { lint, loadConfig } = await import("../compose.ts");
  const config = await loadConfig({ env: terminal.env, cwd: terminal.cwd });
  const lines = lint(config);
  if (lines.length === 0) {
    terminal.out(`No problem in ${listed(config.plans.map((plan) => plan.id))}.\n`);
    return 0;
  }
  terminal.err(`${lines.length} problem${lines.length === 1 ? "" : "s"} in the plans:\n`);
  for (const line of lines) terminal.err(`  ${line}\n`);
  return 78;
}

const shippedFrequencies = "eval/frequencies.json";

/** For each effect the plan's word beside the frequency that was observed in the calibration worlds. */
async function calibrateVerb(given: string | undefined, terminal: Terminal): Promise<number> {
  const file = given ?? shippedFrequencies;
  const text = await readFile(resolve(terminal.cwd, file), "utf8").catch((error: unknown) => {
    throw new HokusaiError(
      "usage",
      `${file} cannot be read: npm run eval -- --calibration writes eval/frequencies.json.`,
      { cause: error },
    );
  });
  const { calibratePlan, choosePlan, loadConfig } = await import("../compose.ts");
  const config = await loadConfig({ env: terminal.env, cwd: terminal.cwd });
  terminal.out(await calibratePlan(choosePlan(config, null, null), toFrequencies(text, file)));
  return 0;
}

const frequenciesShape = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.int().nonnegative())),
);

function toFrequencies(text: string, file: string) {
  try {
    return frequenciesShape.parse(JSON.parse(text));
  } catch (error) {
    throw new HokusaiError(
      "usage",
      `${file} holds no frequencies: it is written by npm run eval -- --calibration.`,
      { cause: error },
    );
  }
}

async function explainVerb(id: string, terminal: Terminal): Promise<number> {
  const { choosePlan, explainHypothesis, loadConfig } = await import("../compose.ts");
  const config = await loadConfig({ env: terminal.env, cwd: terminal.cwd });
  const plan = choosePlan(config, null, null);
  const text = explainHypothesis(id, plan);
  if (text === null) {
    const known = plan.hypotheses.map((row) => row.id);
    const meant = nearest(id, known);
    throw new HokusaiError(
      "usage",
      `There is no hypothesis "${id}": they are ${listed(known)}${meant === null ? "" : ` (did you mean ${meant}?)`}.`,
    );
  }
  terminal.out(text);
  return 0;
}
