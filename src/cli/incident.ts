import { parseFlags } from "#commands/flags.ts";
import { HokusaiError, messageOf } from "#core/errors.ts";
import type { DurableLedger } from "../compose-store.ts";
import { withLedger } from "./ledger.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  json: { means: "print one JSON document and nothing else" },
} as const;

const usage =
  "hokusai incident [list] [--json] | hokusai incident close <id> | " +
  "hokusai incident merge <id> <into> | hokusai incident split <id> <run>...";

/** What belongs together: open incidents, and people's word on them. Each change is in the audit. */
export async function incidentVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const [verb = "list", id, ...more] = read.words;
  const [into] = more;
  if (verb === "list" && id === undefined) {
    return withLedger(terminal, (ledger) => list(ledger, read.values.json === true, terminal));
  }
  if (verb === "close" && id !== undefined && more.length === 0) {
    return withLedger(terminal, (ledger) =>
      change(ledger, verb, id, terminal, async () => {
        await ledger.closeIncident(id);
        return `${id} is closed: the next question opens a new one.`;
      }),
    );
  }
  if (verb === "merge" && id !== undefined && into !== undefined && more.length === 1) {
    return withLedger(terminal, (ledger) =>
      change(ledger, verb, id, terminal, async () => {
        await ledger.mergeIncidents(id, into);
        return `${id} is closed, and its runs belong to ${into}.`;
      }),
    );
  }
  if (verb === "split" && id !== undefined && more.length > 0) {
    return withLedger(terminal, (ledger) =>
      change(ledger, verb, id, terminal, async () => {
        const made = await ledger.splitIncident(id, more);
        return `${more.length} ${more.length === 1 ? "run belongs" : "runs belong"} to ${made.id} now.`;
      }),
    );
  }
  throw new HokusaiError("usage", `That is no way to use incident: ${usage}`);
}

async function list(ledger: DurableLedger, json: boolean, terminal: Terminal): Promise<number> {
  const incidents = await ledger.openIncidents();
  if (json) {
    terminal.out(`${JSON.stringify({ schemaVersion: 1, incidents }, null, 2)}\n`);
    return 0;
  }
  if (incidents.length === 0) terminal.out("No incident is open.\n");
  for (const { id, service, openedAt, ticket, investigations } of incidents) {
    terminal.out(
      `${id}  ${service}  since ${openedAt}${ticket === null ? "" : `  ${ticket}`}\n` +
        investigations.map((run) => `    run ${run}\n`).join(""),
    );
  }
  return 0;
}

async function change(
  ledger: DurableLedger,
  action: string,
  id: string,
  terminal: Terminal,
  act: () => Promise<string>,
): Promise<number> {
  let said: string;
  try {
    said = await act();
  } catch (error) {
    throw new HokusaiError("usage", `${id} stays as it is: ${messageOf(error)}.`, {
      next: "See the open ones, with their runs, with: hokusai incident list",
      cause: error,
    });
  }
  await ledger.audit.record({
    actor: "terminal",
    channel: null,
    action: `incident ${action}`,
    target: id,
    decision: "allowed",
  });
  terminal.out(`${said}\n`);
  return 0;
}
