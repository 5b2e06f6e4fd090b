import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { toReported } from "#commands/check.ts";
import { vocabularyOf } from "#commands/command.ts";
import { assertMayLookInside } from "#commands/inside.ts";
import { parseArguments } from "#commands/parse.ts";
import { HokusaiError } from "#core/errors.ts";
import { foldEvent, type Investigation } from "#core/investigation.ts";
import { terminalProgress, terminalReport } from "#reports/terminal.ts";
import { exitCodeOf, printDocument, toRecord } from "./output.ts";
import type { Terminal } from "./terminal.ts";

const ownFlags = {
  json: { means: "print one JSON document (docs/output.md) and nothing else" },
  save: { value: "<file>", means: "keep the run with its facts, for hokusai replay" },
} as const;

/** hokusai check model 21 [--json] [--save run.json] and everything the slash command takes. */
export async function checkVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { choosePlan, createInvestigator, loadConfig, terminalPredictions } =
    await import("../compose.ts");
  const config = await loadConfig({ env: terminal.env, cwd: terminal.cwd });
  const { command, extra } = parseArguments(["check", ...argv], vocabularyOf(config), ownFlags);
  if (command.verb === "misunderstood") throw new HokusaiError("usage", command.sentence);
  if (command.verb !== "check") {
    terminal.out((await import("./usage.ts")).checkUsage(ownFlags));
    return 0;
  }
  const target = config.models.find((model) => model.id === command.model);
  if (target === undefined) throw new HokusaiError("usage", `There is no model ${command.model}.`);

  const asker = { door: "terminal", id: null } as const;
  const inside = command.inside === true;
  if (inside) assertMayLookInside(target.service, asker);
  const predictions = await terminalPredictions(config);
  const investigator = await createInvestigator(config, undefined, predictions);
  const told = toReported(command.complaint, investigator.clock.now());
  const reported = investigator.redactor.json(told);
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  try {
    let seen: Investigation | null = null;
    const plan = choosePlan(config, command.plan, reported?.symptom ?? null);
    const run = await investigator.run(
      { id: randomUUID(), target, plan, reported, asker, inside },
      (event) => {
        seen = foldEvent(seen, event);
        const line = extra.json === true ? null : terminalProgress(seen, event, terminal.style);
        if (line !== null) terminal.out(`${line}\n`);
      },
      interrupted.signal,
    );
    if (extra.save !== undefined) {
      await writeFile(resolve(terminal.cwd, extra.save), `${JSON.stringify(toRecord(run))}\n`, {
        mode: 0o600,
      });
    }
    if (extra.json === true) printDocument(run, terminal);
    else terminal.out(terminalReport(run, terminal.style));
    return exitCodeOf(run);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    investigator.close();
  }
}
