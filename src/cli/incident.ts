import { giveFeedback } from "#commands/feedback.ts";
import { parseFlags } from "#commands/flags.ts";
import { systemClock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import { HokusaiError, messageOf } from "#core/errors.ts";
import { createRedactor } from "#core/redact.ts";
import { feedbackWords } from "#reports/feedback.ts";
import type { DurableLedger } from "../compose-store.ts";
import { withLedger } from "./ledger.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  json: { means: "print one JSON document and nothing else" },
  note: { value: "<text>", means: "of feedback: in your own words; secrets in it are cut out" },
} as const;

const usage =
  "hokusai incident [list] [--json] | hokusai incident close <id> | " +
  "hokusai incident merge <id> <into> | hokusai incident split <id> <run>... | " +
  "hokusai incident feedback <run> right | nothing | other | <hypothesis>... [--note <text>]";

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
  if (verb === "feedback" && id !== undefined && more.length > 0) {
    return withLedger(terminal, (ledger, config) =>
      feedback({ id, words: more, note: read.values.note ?? null }, { ledger, config }, terminal),
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

/** What was really the matter with a run: kept, and shown under its verdict in Slack. */
async function feedback(
  given: { readonly id: string; readonly words: readonly string[]; readonly note: string | null },
  { ledger, config }: { readonly ledger: DurableLedger; readonly config: Config },
  terminal: Terminal,
): Promise<number> {
  const id = given.id.toLowerCase();
  const run = uuid.test(id) ? await ledger.investigation(id) : null;
  if (run === null) {
    throw new HokusaiError("usage", `There is no run ${given.id}.`, {
      next: "A run's id is in hokusai incident list, and in its check --json.",
    });
  }
  const redactor = createRedactor(config.secretValues);
  const context = { ledger, redactor, clock: systemClock, plans: config.plans };
  const { showFeedbackInSlack } = await import("../compose-store.ts");
  const shown = await ledger.atomically(async () => {
    const speaker = { by: "terminal", channel: null };
    await giveFeedback(run, given.words, given.note, { ...context, ...speaker });
    return showFeedbackInSlack(ledger, run, redactor);
  });
  const { causes = [] } = (await ledger.feedback(id)).at(-1) ?? {};
  const when = ledger.store === "postgres" ? "within seconds" : "at the bot's next start";
  terminal.out(
    `Kept: ${feedbackWords(run.diagnosis, causes)}.${shown ? ` Its thread in Slack shows it ${when}.` : ""}\n`,
  );
  return 0;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
