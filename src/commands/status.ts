import type { Clock } from "#core/clock.ts";
import { isoTime } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import type { RunVerdict } from "#core/diagnosis.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Ledger } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import { customerStatus, neverChecked } from "#reports/customers.ts";

export type StatusState =
  | "never-checked"
  | "checking" // runs, and has no verdict yet
  | "no-verdict" // ended without one: cancelled or failed
  | "unavailable" // the ledger did not answer in time
  | RunVerdict;

/** What is known of a model, for whoever asks: no host, no service name, no hypothesis in `text`. */
export interface StatusAnswer {
  readonly model: { readonly id: string; readonly name: string; readonly product: string };
  readonly state: StatusState;
  /** ISO 8601: the end of the investigation that the answer rests on, or its start while it runs; null where there is none. */
  readonly asOf: string | null;
  readonly ageMs: number | null;
  /** Whether a newer result is on its way. */
  readonly running: boolean;
  /** Plain words that may be forwarded to a customer. */
  readonly text: string;
  /** For doors that show more to people who may see it. */
  readonly investigation: Investigation | null;
}

export interface StatusContext {
  readonly ledger: Pick<Ledger, "newestInvestigation" | "newestResult">;
  readonly clock: Clock;
  readonly config: Pick<Config, "models">;
  /** "HOK-123" of the incident of an investigation, where there is one. */
  readonly ticketOf?: (investigation: Investigation) => Promise<string | null>;
  /** Milliseconds for the ledger; people are promised an answer within 3 s. */
  readonly deadlineMs?: number;
}

/** As long as an incident lives without a look: a result that is older is of another one. */
const sameIncidentMs = 12 * 60 * 60_000;

/** Reads and never investigates. Throws for a model that is not in the catalogue. */
export async function runStatus(
  { model: id }: { readonly model: string },
  context: StatusContext,
): Promise<StatusAnswer> {
  const found = context.config.models.find((candidate) => candidate.id === id);
  if (found === undefined)
    throw new HokusaiError("usage", `There is no model ${id} in the catalogue.`);
  const model = { id: found.id, name: found.name, product: found.product };
  const read = await within(context.deadlineMs ?? 2_000, async () => {
    const newest = await context.ledger.newestInvestigation(id);
    // A new check that has nothing to say yet does not take back what is known.
    const isSilent = newest !== null && newest.endedAt === null && newest.diagnosis === null;
    const before = isSilent ? await context.ledger.newestResult(id) : null;
    const isRecent = before !== null && context.clock.now() - asOfMs(before) < sameIncidentMs;
    const investigation = isRecent ? before : newest;
    const recheckSince = isRecent && newest !== null ? newest.startedAt : null;
    const ticket =
      investigation === null ? null : ((await context.ticketOf?.(investigation)) ?? null);
    return { investigation, ticket, recheckSince };
  });
  const none = { model, asOf: null, ageMs: null, running: false, investigation: null };
  if (read === null) {
    const text = `The record of ${model.product} (model ${id}) cannot be read right now; please ask again in a minute.`;
    return { ...none, state: "unavailable", text };
  }
  const { investigation, ticket, recheckSince } = read;
  if (investigation === null)
    return { ...none, state: "never-checked", text: neverChecked(model.product, id) };
  const now = context.clock.now();
  const asOf = isoTime(asOfMs(investigation));
  return {
    model,
    state: stateOf(investigation),
    asOf,
    ageMs: Math.max(0, now - Date.parse(asOf)),
    running: investigation.endedAt === null || recheckSince !== null,
    text: customerStatus(investigation, { now, ticket, recheckSince }),
    investigation,
  };
}

const asOfMs = ({ endedAt, startedAt }: Investigation): number => Date.parse(endedAt ?? startedAt);

function stateOf({ diagnosis, endedAt }: Investigation): StatusState {
  if (diagnosis !== null) return diagnosis.verdict;
  return endedAt === null ? "checking" : "no-verdict";
}

/** Null when it takes longer or fails: a status answer says so instead of keeping people waiting. */
async function within<Value>(ms: number, read: () => Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([read().catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
