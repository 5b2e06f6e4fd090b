/** One check at a time over a world with everything in it: what a run would see of that check alone. */
import { factsOf } from "#core/check.ts";
import type { Config } from "#core/config.ts";
import type { Fact, Gathered } from "#core/fact.ts";
import type { Reported } from "#core/target.ts";
import { toReported } from "#commands/check.ts";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import { gatherOne } from "#engine/gather.ts";
import { judgeOne } from "#engine/judge.ts";
import { reportFlags } from "../../src/cli/demo/stage.ts";
import { createInvestigator, loadConfig, registeredChecks } from "../../src/compose.ts";
import type { Report } from "../../src/sandbox/start.ts";

/** As the engine would, with what a customer said: the outcome, or why the check was not run. */
export async function outcomeIn(
  where: Config | Record<string, string>,
  id: string,
  report: Report | null = null,
): Promise<string> {
  const config = isConfig(where) ? where : await loadConfig({ env: where, cwd: process.cwd() });
  const limits = { ...config.limits, predictionsPerRun: 20, predictionsPerMinute: 500 };
  const investigator = await createInvestigator({ ...config, limits });
  const target = config.models.find((model) => model.id === "21");
  const check = registeredChecks().get(id);
  if (target === undefined || check === undefined) throw new Error(`no ${id}`);
  const reported = ((): Reported | null => {
    const typed = `check model 21${reportFlags(report)}`;
    const command = parseCommand(typed, vocabularyOf(config));
    if (command.verb !== "check") throw new Error(`not understood: ${typed}`);
    return toReported(command.complaint, investigator.clock.now());
  })();
  const { ports, clock, redactor } = investigator.engineFor(target);
  const startedAt = clock.now();
  const known = new Map<string, Promise<Gathered>>();
  const signal = new AbortController().signal;
  const setting = { ports, target, reported, clock, redactor, runId: id, startedAt, signal };
  const gather = (fact: Fact): Promise<Gathered> => {
    const found = known.get(fact.id) ?? ask(fact);
    known.set(fact.id, found);
    return found;
  };
  const ask = async (fact: Fact): Promise<Gathered> => {
    const needs = await Promise.all(
      Object.entries(fact.needs).map(async ([name, need]) => [name, await gather(need)] as const),
    );
    return gatherOne(fact, Object.fromEntries(needs), setting);
  };
  try {
    const facts = await Promise.all(
      factsOf(check).map(async (fact) => [fact.id, await gather(fact)] as const),
    );
    const { vantage } = config.network;
    const judged = judgeOne(check, Object.fromEntries(facts), {
      target,
      reported,
      startedAt,
      vantage,
    });
    return "finding" in judged ? judged.finding.outcome : `not run: ${judged.notRun.detail}`;
  } finally {
    investigator.close();
  }
}

const isConfig = (where: Config | Record<string, string>): where is Config => "models" in where;
