import type { Clock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Investigate, InvestigateRequest, Investigating } from "#core/investigate.ts";
import type { Asker } from "#core/investigation.ts";
import type { Reported } from "#core/target.ts";
import type { CheckCommand, Complaint } from "./command.ts";
import { assertMayLookInside } from "./inside.ts";
import { toIso } from "./time.ts";

export interface CheckContext {
  readonly config: Pick<Config, "models" | "plans">;
  readonly clock: Clock;
  readonly asker: Asker;
  /** Slack channel for the thread; null where there is none. */
  readonly channel: string | null;
  readonly investigate: Investigate;
}

export interface CheckAnswer {
  readonly request: InvestigateRequest;
  /** The run that was started or joined; `done` settles at its end. */
  readonly started: Investigating;
}

/** Null where the caller reported nothing at all. */
export function toReported(complaint: Complaint, now: number): Reported | null {
  const { symptom, url, method, at, requestId, fix, keyStart, sample, samples } = complaint;
  const told = [symptom, url, method, at, requestId, fix, keyStart, samples];
  if (told.every((one) => one == null)) return null;
  return {
    symptom,
    url,
    method: method ?? "POST",
    at: at === null ? null : toIso(at, now),
    requestId,
    ...(fix === undefined ? {} : { fix }),
    ...(keyStart == null ? {} : { keyStart }),
    ...(sample == null ? {} : { sample }),
    ...(samples === undefined ? {} : { samples }),
  };
}

/** The command with the catalogue's model in place of its id; throws for one that is not there. */
export function toRequest(
  command: CheckCommand,
  context: Omit<CheckContext, "investigate">,
): InvestigateRequest {
  const { config, clock, asker, channel } = context;
  const target = config.models.find((model) => model.id === command.model);
  if (target === undefined)
    throw new HokusaiError("usage", `There is no model ${command.model} in the catalogue.`);
  if (command.plan !== null && !config.plans.some(({ id }) => id === command.plan)) {
    throw new HokusaiError("usage", `There is no plan ${command.plan}.`);
  }
  const reported = toReported(command.complaint, clock.now());
  const inside = command.inside === true;
  if (inside) assertMayLookInside(target.service, asker);
  return {
    target,
    plan: command.plan,
    reported,
    asker,
    channel,
    ticket: command.ticket,
    ...(inside ? { inside } : {}),
  };
}

/** Resolves as soon as the run is recorded: whoever asked gets a link, not silence. */
export async function runCheck(command: CheckCommand, context: CheckContext): Promise<CheckAnswer> {
  const request = toRequest(command, context);
  return { request, started: await context.investigate(request) };
}
