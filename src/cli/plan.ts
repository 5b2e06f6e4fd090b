import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import { listed, nearest } from "#core/nearest.ts";
import type { Terminal } from "./terminal.ts";

/** hokusai plan lint | hokusai plan explain <hypothesis> */
export async function planVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, {});
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const [verb, subject, ...more] = read.words;
  if (verb === "lint" && subject === undefined) return lintVerb(terminal);
  if (verb === "explain" && subject !== undefined && more.length === 0)
    return explainVerb(subject, terminal);
  throw new HokusaiError(
    "usage",
    "plan takes: hokusai plan lint, or hokusai plan explain <hypothesis>",
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
