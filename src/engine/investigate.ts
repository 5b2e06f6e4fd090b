import { randomUUID } from "node:crypto";
import { isoTime, type Clock } from "#core/clock.ts";
import { messageOf } from "#core/errors.ts";
import type { Investigate, InvestigateRequest, Investigating } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan, SymptomWord } from "#core/plan.ts";
import type { EarlierPort } from "#core/ports/earlier.ts";
import type { Target } from "#core/target.ts";
import { earlierIn } from "./earlier.ts";
import { createRecorder, type RecordParts } from "./record.ts";
import { runInvestigation, type EngineParts } from "./run.ts";

export interface InvestigateParts extends RecordParts {
  /** What a run of this target uses; ports differ by environment. */
  readonly engineFor: (target: Target, earlier: EarlierPort) => EngineParts;
  readonly choosePlan: (plan: string | null, symptom: SymptomWord | null) => Plan;
  readonly clock: Clock;
}

export interface Investigations {
  readonly investigate: Investigate;
  /** Id of the run that was started last; null before the first. */
  newest(): string | null;
  /** Resolves when no run is going on; a run that starts meanwhile is waited for too. */
  idle(): Promise<void>;
  /** Ends what runs, each with its last word, and waits for it. */
  stop(): Promise<void>;
}

/** Starts runs, joins those that answer the same question, records every event and shows it. */
export function createInvestigations(parts: InvestigateParts): Investigations {
  const { ledger, clock } = parts;
  const running = new Map<string, Investigating>();
  const stopping = new AbortController();
  let newest: string | null = null;

  const start = async (request: InvestigateRequest, key: string): Promise<Investigating> => {
    const plan = parts.choosePlan(request.plan, request.reported?.symptom ?? null);
    const opened = await ledger.openIncident(request.target.service.id, request.channel);
    const incident =
      request.ticket === null || request.ticket === opened.ticket
        ? opened
        : await ledger.amendIncident(opened.id, { ticket: request.ticket });
    const id = randomUUID();
    newest = id;
    const { target, reported, asker, inside = false } = request;
    const recorder = createRecorder(parts, incident, id);
    const work = async (): Promise<Investigation> => {
      try {
        const engine = parts.engineFor(target, earlierIn(ledger, incident));
        return await runInvestigation(
          { id, target, plan, reported, asker, inside },
          engine,
          recorder.emit,
          stopping.signal,
        );
      } finally {
        await recorder.written();
        running.delete(key);
      }
    };
    const done = work();
    // The caller may not be interested in the end; a rejection must not end the process.
    done.catch((error: unknown) =>
      parts.onProblem("investigation", `${isoTime(clock.now())} ${messageOf(error)}`),
    );
    const investigating = { incident, investigationId: id, joined: false, done };
    running.set(key, investigating);
    return investigating;
  };

  const starting = new Map<string, Promise<Investigating>>();
  return {
    async investigate(request) {
      const key = questionKey(request);
      const before = starting.get(key);
      if (before !== undefined) return { ...(await before), joined: true };
      const now = running.get(key);
      if (now !== undefined) return { ...now, joined: true };
      const begun = start(request, key);
      starting.set(key, begun);
      try {
        return await begun;
      } finally {
        starting.delete(key);
      }
    },
    newest: () => newest,
    async idle() {
      while (starting.size + running.size > 0) {
        await Promise.allSettled(starting.values());
        await Promise.allSettled([...running.values()].map((run) => run.done));
      }
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled([...running.values()].map((run) => run.done));
    },
  };
}

/** Two requests with the same key ask the same question in the same place. */
export const questionKey = (request: InvestigateRequest): string => {
  const { target, plan, reported, channel, inside = false } = request;
  return JSON.stringify([target.id, plan, reported, channel, ...(inside ? ["inside"] : [])]);
};
