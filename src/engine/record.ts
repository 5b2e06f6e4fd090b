import { LostClaim } from "#core/command-queue.ts";
import { messageOf } from "#core/errors.ts";
import type { Incident, Ledger } from "#core/incident.ts";
import type { View } from "#core/investigate.ts";
import {
  foldEvent,
  type Emit,
  type Investigation,
  type InvestigationEvent,
} from "#core/investigation.ts";

export interface RecordParts {
  readonly ledger: Ledger;
  readonly views: readonly View[];
  /** A view that failed must not stop the run, and nobody else would hear of it. */
  readonly onProblem: (what: string, problem: string) => void;
}

/** Writes the events of one run to the ledger and shows each, in order, what is shown with what is written. */
export interface Recorder {
  readonly emit: Emit;
  /** Resolves when everything emitted so far is written. */
  written(): Promise<void>;
  /** Nothing more is written: somebody else goes on with the run. */
  mute(): void;
  /** Whether something could not be written: the record is not the whole run. */
  broken(): boolean;
  /** Shows the end of a run once more: it may have been written and not shown. */
  showEnd(run: Investigation): Promise<void>;
}

export function createRecorder(
  parts: RecordParts,
  incident: Incident,
  id: string,
  soFar: Investigation | null = null,
  /** The record cannot be continued: the run is better ended. */
  onBroken: () => void = () => undefined,
): Recorder {
  const { ledger } = parts;
  const together = async (work: () => Promise<void>): Promise<void> =>
    ledger.atomically === undefined ? work() : ledger.atomically(work);
  let state = soFar;
  let tail = Promise.resolve();
  let muted = false;
  let broken = false;

  const present = async (seen: Investigation, event: InvestigationEvent): Promise<void> => {
    const current = await whereabouts(ledger, incident);
    for (const view of parts.views) {
      try {
        await together(() => view.onEvent(current, seen, event));
      } catch (error) {
        parts.onProblem("view", messageOf(error));
      }
    }
  };
  const write = async (seen: Investigation, event: InvestigationEvent): Promise<void> => {
    if (muted) return;
    try {
      await together(async () => {
        await ledger.append(incident.id, id, event);
        await present(seen, event);
      });
    } catch (error) {
      parts.onProblem("ledger", messageOf(error));
      if (ledger.atomically === undefined && !(error instanceof LostClaim)) return;
      muted = true;
      broken = true;
      onBroken();
    }
  };

  return {
    emit(event) {
      const seen = foldEvent(state, event);
      state = seen;
      tail = tail.then(() => write(seen, event));
    },
    written: () => tail,
    mute() {
      muted = true;
    },
    broken: () => broken,
    showEnd: (run) =>
      together(() =>
        present(run, {
          type: "ended",
          at: run.endedAt ?? run.startedAt,
          stopped: run.stopped ?? "complete",
          ...(run.problem === null ? {} : { problem: run.problem }),
        }),
      ),
  };
}

/** The incident as it is now, or the one that took it over. */
async function whereabouts(ledger: Ledger, incident: Incident): Promise<Incident> {
  const current = (await ledger.incident(incident.id)) ?? incident;
  const merged = current.mergedInto == null ? null : await ledger.incident(current.mergedInto);
  return merged ?? current;
}
