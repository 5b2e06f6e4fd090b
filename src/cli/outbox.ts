import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import type { DurableLedger } from "../compose-store.ts";
import { withLedger } from "./ledger.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  json: { means: "print one JSON document and nothing else" },
} as const;

const usage =
  "hokusai outbox [list] [--json] | hokusai outbox resend <key> | hokusai outbox drop <key>";

/** What was not sent to Slack and Linear: what waits, and what was given up on. */
export async function outboxVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const [verb = "list", key, ...more] = read.words;
  if (more.length > 0) throw new HokusaiError("usage", `outbox takes one key at a time: ${usage}`);
  if (verb === "list" && key === undefined) {
    return withLedger(terminal, (ledger) => list(ledger, read.values.json === true, terminal));
  }
  if ((verb === "resend" || verb === "drop") && key !== undefined) {
    return withLedger(terminal, (ledger) => change(ledger, verb, key, terminal));
  }
  throw new HokusaiError("usage", `That is no way to use outbox: ${usage}`);
}

async function list(ledger: DurableLedger, json: boolean, terminal: Terminal): Promise<number> {
  const rows = await ledger.openOutbox(new Map()).list(["waiting", "dead"]);
  if (json) {
    terminal.out(`${JSON.stringify({ schemaVersion: 1, effects: rows }, null, 2)}\n`);
    return 0;
  }
  if (rows.length === 0) terminal.out("Everything was sent.\n");
  for (const { key, kind, state, attempts, problem, putAt } of rows) {
    const what = state === "dead" ? "given up" : "waiting ";
    const tried = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
    terminal.out(
      `${what}  ${kind}  ${key}\n          since ${putAt}, ${tried}${problem === null ? "" : `: ${problem}`}\n`,
    );
  }
  return 0;
}

async function change(
  ledger: DurableLedger,
  verb: "resend" | "drop",
  key: string,
  terminal: Terminal,
): Promise<number> {
  const outbox = ledger.openOutbox(new Map());
  const changed = await (verb === "resend" ? outbox.resend(key) : outbox.drop(key));
  if (!changed) {
    throw new HokusaiError(
      "usage",
      verb === "resend"
        ? `Nothing with the key ${key} was given up on.`
        : `Nothing with the key ${key} waits or was given up on.`,
      { next: "See the keys with: hokusai outbox list" },
    );
  }
  await ledger.audit.record({
    actor: "terminal",
    channel: null,
    action: verb,
    target: key,
    decision: "allowed",
  });
  const when =
    ledger.store === "postgres"
      ? "the bot sends it within seconds"
      : "the bot sends it at its next start";
  terminal.out(verb === "resend" ? `${key} waits again: ${when}.\n` : `${key} is dropped.\n`);
  return 0;
}
