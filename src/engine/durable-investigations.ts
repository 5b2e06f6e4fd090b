import { isoTime } from "#core/clock.ts";
import type { Claimed, CommandQueue, WorkResult } from "#core/command-queue.ts";
import { messageOf } from "#core/errors.ts";
import type { InvestigateRequest, Investigating } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Target } from "#core/target.ts";
import { earlierIn } from "./earlier.ts";
import { questionKey, type InvestigateParts, type Investigations } from "./investigate.ts";
import { createRecorder, type Recorder } from "./record.ts";
import { runInvestigation } from "./run.ts";

export interface DurableInvestigateParts extends InvestigateParts {
  readonly commands: CommandQueue;
  /** The model as it is configured now; null where it is not any more. */
  readonly targetOf: (model: string) => Target | null;
  /** Milliseconds that runs get to finish when the bot stops; the rest is handed over. */
  readonly finishWithinMs?: number;
}

export interface DurableInvestigations extends Investigations {
  /** Takes up what was interrupted, and works on what comes. Call it once everything is wired. */
  start(): Promise<void>;
}

/** A run broken off this often breaks its process: it ends with that as its last word. */
const interruptionLimit = 25;
/** What was seen longer ago than this does not fit with what would be seen now. */
const staleAfterMs = 15 * 60 * 1_000;

/** Runs that survive the process: each is recorded before it is acknowledged, and goes on from its last event. */
export function createDurableInvestigations(parts: DurableInvestigateParts): DurableInvestigations {
  const { ledger, clock, commands } = parts;
  const running = new Map<
    string,
    { readonly recorder: Recorder; readonly cancel: AbortController }
  >();
  const waiting = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  let newest: string | null = null;

  const endOf = async (id: string): Promise<Investigation> => {
    await commands.ended(id, stopping.signal).catch(() => undefined);
    const run = await ledger.investigation(id);
    if (run === null) throw new Error(`investigation ${id} had not begun`);
    return run;
  };

  const run = async (
    claimed: Claimed,
    target: Target,
    soFar: Investigation | null,
  ): Promise<WorkResult> => {
    const { investigationId: id, incident, command } = claimed;
    const cancel = new AbortController();
    const recorder = createRecorder(parts, incident, id, soFar, () => cancel.abort());
    running.set(id, { recorder, cancel });
    try {
      const { reported, asker, inside = false } = command;
      const plan = soFar?.plan ?? parts.choosePlan(command.plan, reported?.symptom ?? null);
      const request = { id, target, plan, reported, asker, inside, soFar };
      const engine = parts.engineFor(target, earlierIn(ledger, incident));
      await runInvestigation(request, engine, recorder.emit, cancel.signal);
      await recorder.written();
      return cancel.signal.aborted || recorder.broken() ? "hand-over" : "done";
    } finally {
      running.delete(id);
    }
  };

  /** Its last word instead of more work. */
  const giveUp = async (
    { investigationId: id, incident }: Claimed,
    soFar: Investigation,
    problem: string,
  ) => {
    const recorder = createRecorder(parts, incident, id, soFar);
    recorder.emit({ type: "ended", at: isoTime(clock.now()), stopped: "failed", problem });
    await recorder.written();
    return recorder.broken() ? ("hand-over" as const) : ("done" as const);
  };

  const work = async (claimed: Claimed): Promise<WorkResult> => {
    const { investigationId: id, incident, command, interruptions } = claimed;
    const soFar = await ledger.investigation(id);
    if (soFar !== null && soFar.endedAt !== null) {
      await createRecorder(parts, incident, id, soFar).showEnd(soFar);
      return "done";
    }
    const target = soFar?.target ?? parts.targetOf(command.model);
    if (target === null) {
      parts.onProblem("investigation", `${id}: there is no model ${command.model} any more`);
      return "done";
    }
    if (soFar === null) return run(claimed, target, null);
    if (interruptions >= interruptionLimit) {
      return giveUp(
        claimed,
        soFar,
        `broken off ${interruptions} times, the last time at ${isoTime(clock.now())}`,
      );
    }
    if (clock.now() - lastSeenAt(soFar) > staleAfterMs) {
      return giveUp(claimed, soFar, "interrupted too long ago to go on: check again");
    }
    return run(claimed, target, soFar);
  };

  return {
    async investigate(request: InvestigateRequest): Promise<Investigating> {
      const { target, plan, reported, asker, channel, ticket } = request;
      // An unknown plan is for who asked, not for the queue.
      parts.choosePlan(plan, reported?.symptom ?? null);
      const command = {
        model: target.id,
        service: target.service.id,
        plan,
        reported,
        asker,
        channel,
        ticket,
        ...(request.inside === true ? { inside: true } : {}),
      };
      const accepted = await commands.accept(
        command,
        questionKey(request),
        request.delivery ?? null,
      );
      if (!accepted.joined) newest = accepted.investigationId;
      const done = endOf(accepted.investigationId);
      waiting.add(done);
      // The caller may not be interested in the end; a rejection must not end the process.
      done
        .catch((error: unknown) => parts.onProblem("investigation", messageOf(error)))
        .finally(() => waiting.delete(done));
      return { ...accepted, done };
    },
    newest: () => newest,
    start: () => commands.work(work),
    async idle() {
      while (waiting.size > 0) await Promise.allSettled(waiting);
    },
    async stop() {
      const stopped = commands.stop();
      const limit = setTimeout(() => {
        for (const { recorder, cancel } of running.values()) {
          recorder.mute();
          cancel.abort();
        }
      }, parts.finishWithinMs ?? 10_000);
      await stopped;
      clearTimeout(limit);
      stopping.abort();
      await Promise.allSettled(waiting);
    },
  };
}

/** When the newest of its facts was gathered. */
const lastSeenAt = (run: Investigation): number =>
  Math.max(Date.parse(run.startedAt), ...Object.values(run.facts).map(({ at }) => Date.parse(at)));
