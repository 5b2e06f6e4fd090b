import type { BlockButtonAction, Middleware, SlackActionMiddlewareArgs } from "@slack/bolt";
import { HokusaiError } from "#core/errors.ts";
import type { InvestigateRequest } from "#core/investigate.ts";
import { slots } from "#core/slots.ts";
import { assertMayLookInside } from "#commands/inside.ts";
import { announce, patience } from "../check.ts";
import type { Question, SlackDeps } from "../deps.ts";
import { keepingRefusals } from "../inside.ts";
import { answering, privateQuestion } from "../reply.ts";

type Pressed = SlackActionMiddlewareArgs<BlockButtonAction>;

/** What a button of ours carries: which run it stands under. */
interface Subject {
  readonly incident: string;
  readonly run: string;
  readonly model: string;
}

/** The same question once more, in the same thread. */
export const checkAgain = (deps: SlackDeps): Middleware<Pressed> =>
  onPress(deps, (subject, question) => askAgain(subject, question, deps));

/**
 * The same question with one look from inside the running container, which this press approves: once
 * for the run it stands under, however often it is pressed.
 */
export const lookInside = (deps: SlackDeps): Middleware<Pressed> =>
  onPress(deps, (subject, question) =>
    keepingRefusals(subject.model, question, deps, () =>
      askAgain(subject, question, deps, { inside: true, delivery: `look-inside/${subject.run}` }),
    ),
  );

async function askAgain(
  subject: Subject,
  question: Question,
  deps: SlackDeps,
  approved: Pick<InvestigateRequest, "inside" | "delivery"> = {},
): Promise<void> {
  const before = await deps.ledger.investigation(subject.run);
  const target = deps.config.models.find(({ id }) => id === subject.model);
  if (target === undefined)
    throw new HokusaiError("usage", `There is no model ${subject.model} any more.`);
  const asker = { door: "slack", id: question.user } as const;
  if (approved.inside === true) assertMayLookInside(target.service, asker);
  const plan = deps.config.plans.find(({ id }) => id === before?.plan.id)?.id ?? null;
  const request: InvestigateRequest = {
    target,
    plan,
    reported: before?.reported ?? null,
    asker,
    channel: question.channel,
    ticket: null,
    delivery: question.delivery,
    ...approved,
  };
  const since = deps.clock.now();
  const started = await deps.investigate(request);
  await question.acknowledge();
  await announce(request, started, since, question, deps);
}

/** Opens a ticket where there is none yet, and gives its link. */
export const openTicket = (deps: SlackDeps): Middleware<Pressed> =>
  onPress(deps, async (subject, question) => {
    if (deps.tickets === null) {
      throw new HokusaiError("configuration", "Linear is not configured.", {
        next: "Set LINEAR_API_KEY (Linear, Settings, Security and access) and start me again.",
      });
    }
    const incident = await deps.ledger.incident(subject.incident);
    const run = await deps.ledger.investigation(subject.run);
    if (incident === null || run === null) {
      throw new HokusaiError("usage", "I have no record of this check any more.", {
        next: "Press Check again first.",
      });
    }
    const since = deps.clock.now();
    await deps.tickets.open(incident, run);
    await question.acknowledge();
    const arrival = await deps.arrivals.wait(slots.issue(incident.id), since, patience(deps));
    const ticket = (await deps.ledger.incident(incident.id))?.ticket ?? "The ticket";
    if (arrival.state === "arrived")
      await question.reply(`${ticket} is kept current with this check:`, arrival.posted.url);
    else if (arrival.state === "refused")
      await question.reply(`Linear refused to open a ticket: ${arrival.code}.`);
    else await question.reply("Linear is slow; the ticket will appear in the message above.");
  });

function onPress(
  deps: SlackDeps,
  act: (subject: Subject, question: Question) => Promise<void>,
): Middleware<Pressed> {
  return async ({ ack, respond, action, body }) => {
    const asked = {
      user: body.user.id,
      channel: body.channel?.id ?? "",
      delivery: body.trigger_id,
    };
    const question = privateQuestion(asked, ack, respond, deps);
    await answering(question, deps, () => act(toSubject(action.value), question));
  };
}

export function toSubject(value: string | undefined): Subject {
  const fields = new URLSearchParams(value);
  return {
    incident: fields.get("incident") ?? "",
    run: fields.get("run") ?? "",
    model: fields.get("model") ?? "",
  };
}
