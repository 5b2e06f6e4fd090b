import type { Diagnosis, RunVerdict } from "#core/diagnosis.ts";
import type { Feedback } from "#core/feedback.ts";
import type {
  EarlierEnd,
  EarlierIncident,
  EarlierIncidents,
  EarlierQuery,
  NamedCause,
} from "#core/ports/earlier.ts";
import { quietAfterMs } from "./quiet.ts";

/** Incidents that are told of; of the others only how many there are. */
const most = { own: 5, service: 3 } as const;

/** A run that says what was the matter, or of which people said it. */
export interface TellingRun {
  readonly id: string;
  readonly incident: string;
  readonly model: string;
  readonly verdict: RunVerdict | null;
  /** What people said of it, in the order in which they said it. */
  readonly words: readonly Feedback[];
}

/** The run of an incident that is believed: of what it tells, the rest is described. */
export interface Chosen {
  readonly run: TellingRun;
  readonly own: boolean;
}

/** What is known of a chosen run and its incident. Times are ISO 8601. */
export interface Described {
  readonly beganAt: string;
  readonly closedAt: string | null;
  /** When the last of its runs ended, of whichever model. */
  readonly lookedAt: string;
  /** The newest run of the same model. */
  readonly newest: {
    readonly id: string;
    readonly verdict: RunVerdict | null;
    readonly at: string;
  };
  readonly channel: string | null;
  readonly ticket: { readonly id: string; readonly url: string | null } | null;
  readonly thread: string | null;
  /** The newest verdict of the chosen run. */
  readonly diagnosis: Diagnosis | null;
}

/**
 * One run for each incident, in the order given (newest first). What people said counts for more than a
 * verdict, and a run of the model itself for more than those of others.
 */
export function chooseEarlier(
  runs: readonly TellingRun[],
  model: string,
): { readonly chosen: readonly Chosen[]; readonly counts: Record<keyof typeof most, number> } {
  const incidents = Map.groupBy(runs, ({ incident }) => incident);
  const all = [...incidents.values()].flatMap((rows): readonly Chosen[] => {
    const ours = believed(rows.filter((row) => row.model === model));
    const run = ours ?? believed(rows);
    return run === null ? [] : [{ run, own: ours !== null }];
  });
  const [own, service] = [all.filter((one) => one.own), all.filter((one) => !one.own)];
  return {
    chosen: [...own.slice(0, most.own), ...service.slice(0, most.service)],
    counts: { own: own.length, service: service.length },
  };
}

/** "Right" under the healthy verdict that ends an incident says nothing of its cause. */
const believed = (runs: readonly TellingRun[]): TellingRun | null =>
  runs.find(({ words }) => (words.at(-1)?.causes.length ?? 0) > 0) ??
  runs.find(({ words, verdict }) => words.length === 0 && verdict === "fault") ??
  null;

export function toEarlierIncidents(
  { chosen, counts }: ReturnType<typeof chooseEarlier>,
  described: ReadonlyMap<string, Described>,
  { channel }: Pick<EarlierQuery, "channel">,
): EarlierIncidents {
  const of = (own: boolean): readonly EarlierIncident[] =>
    chosen
      .filter((one) => one.own === own)
      .flatMap(({ run }) => {
        const known = described.get(run.incident);
        return known === undefined ? [] : [toEarlierIncident(run, known, channel)];
      });
  return {
    own: { count: counts.own, newest: of(true) },
    service: { count: counts.service, newest: of(false) },
  };
}

function toEarlierIncident(
  run: TellingRun,
  known: Described,
  channel: string | null,
): EarlierIncident {
  const { diagnosis } = known;
  const last = run.words.at(-1);
  const named = (ids: readonly string[]): readonly NamedCause[] =>
    ids.map((id) => ({
      id,
      claim: diagnosis?.hypotheses.find((row) => row.id === id)?.claim ?? null,
    }));
  return {
    id: run.incident,
    model: run.model,
    beganAt: known.beganAt,
    ended: endOf(run, known),
    named: named(run.verdict === "fault" ? (diagnosis?.leading ?? []) : []),
    said: last === undefined ? null : named(last.causes),
    note: known.channel === channel ? (last?.note ?? null) : null,
    ticket: known.ticket,
    thread: known.thread,
  };
}

/** An incident that nobody closes is closed by the next question, days later: its last look ended it. */
function endOf(
  run: TellingRun,
  { closedAt, lookedAt, newest }: Described,
): { readonly how: EarlierEnd; readonly at: string } {
  if (newest.verdict === "healthy" && newest.id !== run.id) return { how: "works", at: newest.at };
  const isClosed = closedAt !== null && Date.parse(closedAt) - Date.parse(lookedAt) < quietAfterMs;
  return isClosed ? { how: "closed", at: closedAt } : { how: "quiet", at: lookedAt };
}
