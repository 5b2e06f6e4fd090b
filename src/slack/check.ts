import type { Investigating, InvestigateRequest } from "#core/investigate.ts";
import { slots } from "#core/slots.ts";
import { headlineOf } from "#reports/headline.ts";
import type { Question, SlackDeps } from "./deps.ts";

/** Says where the run can be followed, as soon as its first message has a link. `since`: when they asked. */
export async function announce(
  request: InvestigateRequest,
  started: Investigating,
  since: number,
  question: Question,
  deps: SlackDeps,
): Promise<void> {
  await Promise.all([
    announceThread(request, started, since, question, deps),
    announceTicket(request, started, since, question, deps),
  ]);
}

/** A ticket that was named and is not there is said: silence would look like success. */
async function announceTicket(
  { ticket }: InvestigateRequest,
  { incident }: Investigating,
  since: number,
  question: Question,
  deps: SlackDeps,
): Promise<void> {
  if (ticket === null) return;
  if (deps.tickets === null) {
    await question.reply(
      `${ticket} is not kept current: Linear is not configured (LINEAR_API_KEY).`,
    );
    return;
  }
  const arrival = await deps.arrivals.wait(slots.issue(incident.id), since, patience(deps));
  if (arrival.state === "refused")
    await question.reply(`${ticket} is not kept current: Linear says ${arrival.code}.`);
}

export const patience = (deps: SlackDeps): AbortSignal =>
  AbortSignal.timeout(deps.linkWaitMs ?? 20_000);

async function announceThread(
  request: InvestigateRequest,
  started: Investigating,
  since: number,
  question: Question,
  deps: SlackDeps,
): Promise<void> {
  const { target, plan } = request;
  const model = `model ${target.id} (${target.name})`;
  const what = started.joined
    ? `${sentenceStart(model)} is being checked already.`
    : `Checking ${model} with ${plan === null ? "the checks of all plans" : `the plan "${plan}"`}.`;
  const arrival = await deps.arrivals.wait(slots.root(started.incident.id), since, patience(deps));
  switch (arrival.state) {
    case "arrived":
      await question.reply(`${what} Follow it here:`, arrival.posted.url);
      return;
    case "pending":
      await question.reply(
        `${what} Slack is slow to take my first message; it will appear in the channel.`,
      );
      return;
    case "refused":
      await question.reply(`${what} ${refusalWords(arrival.code)}`);
      await question.reply(headlineOf(deps.redactor.json({ ...(await started.done), facts: {} })));
  }
}

const sentenceStart = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const notInvited = new Set(["not_in_channel", "channel_not_found", "no_permission", "is_private"]);

function refusalWords(code: string): string {
  const rest = "Here, only to you, comes the result when it is there.";
  return notInvited.has(code)
    ? `I am not in this channel: type /invite @hokusai, then ask again. ${rest}`
    : `Slack does not let me post here (${code}). ${rest}`;
}
