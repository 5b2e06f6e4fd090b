import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import { withLedger } from "./ledger.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  ledger: { means: "the past investigations of which somebody said what was really the matter" },
  json: { means: "print one JSON document and nothing else" },
} as const;

const noFeedback = [
  "No past investigation has feedback yet, so nothing can be scored.",
  "Under a verdict in Slack press Right or choose under Wrong, it was ...; or say it here:",
  "  hokusai incident feedback <run> right",
  "",
].join("\n");

/** hokusai eval --ledger [--json]: how often the diagnosis was right here, and would be now. */
export async function evalVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  if (read.words.length > 0 || read.values.ledger !== true) {
    throw new HokusaiError("usage", "eval takes: hokusai eval --ledger [--json].", {
      next: "npm run eval scores the diagnosis in offline worlds, from a clone of the repository.",
    });
  }
  const { evaluatePast, pastText } = await import("../compose-evaluation.ts");
  const document = await withLedger(terminal, (ledger, config) => evaluatePast(ledger, config));
  if (read.values.json === true) terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  else if (document.investigations + document.leftOut.length === 0) terminal.out(noFeedback);
  else terminal.out(pastText(document));
  return 0;
}
