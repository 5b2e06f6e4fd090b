import { parseFlags } from "#commands/flags.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Pruned } from "../compose-store.ts";
import { withLedger } from "./ledger.ts";
import type { Terminal } from "./terminal.ts";

const flags = {
  days: { value: "<days>", means: "how long investigations are kept (90)" },
  "feedback-days": {
    value: "<days>",
    means: "how long those are kept of which somebody said what it was (400)",
  },
  "dry-run": { means: "count, and delete nothing" },
  json: { means: "print one JSON document and nothing else" },
} as const;

/** hokusai prune [--days 90] [--dry-run] [--json]: what the bot does every night by itself. */
export async function pruneVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  if (read.words.length > 0)
    throw new HokusaiError("usage", `prune takes no ${JSON.stringify(read.words[0])}.`);
  const dryRun = read.values["dry-run"] === true;
  const days = toDays(read.values.days, "days");
  const withFeedback = toDays(read.values["feedback-days"], "feedback-days");
  return withLedger(terminal, async (ledger) => {
    const pruned = await ledger.prune(
      {
        ...(days === null ? {} : { investigations: days }),
        ...(withFeedback === null ? {} : { withFeedback }),
      },
      dryRun,
    );
    if (!dryRun) {
      const detail = { ...pruned };
      await ledger.audit.record({
        actor: "terminal",
        channel: null,
        action: "prune",
        target: null,
        decision: "allowed",
        detail,
      });
    }
    if (read.values.json === true)
      terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun, pruned }, null, 2)}\n`);
    else terminal.out(`${dryRun ? "Would delete" : "Deleted"} ${sentence(pruned)}.\n`);
    return 0;
  });
}

function toDays(text: string | undefined, flag: string): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/u.test(text) && Number(text) > 0) return Number(text);
  throw new HokusaiError(
    "usage",
    `--${flag} wants a whole number of days from 1, got ${JSON.stringify(text)}.`,
  );
}

const names: Readonly<Record<keyof Pruned, string>> = {
  investigations: "investigations",
  incidents: "incidents",
  effects: "effects",
  posted: "records of messages",
  inbound: "delivery ids",
  audit: "audit rows",
  stoppedTasks: "stopped tasks",
};

const sentence = (pruned: Pruned): string =>
  (Object.keys(names) as (keyof Pruned)[])
    .map((name) => `${pruned[name]} ${names[name]}`)
    .join(", ");
