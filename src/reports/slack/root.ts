import type { ActionsBlock, RichTextElement, TaskCardBlock } from "@slack/types";
import type { WeighedHypothesis } from "#core/diagnosis.ts";
import { approveInside } from "#core/inside.ts";
import type { Investigation } from "#core/investigation.ts";
import { modesOf, type Priority } from "#core/plan.ts";
import { progress } from "../headline.ts";
import { clip, duration, oneLine, planWords, plural } from "../phrases.ts";
import { toWords, type Words } from "../words.ts";
import { isUserId, toText, type SlackMessage } from "./message.ts";
import { bold, glue, list, plain, richText, section, user, within } from "./rich-text.ts";

export const checkAgainAction = "hokusai_check_again";
export const lookInsideAction = "hokusai_look_inside";
export const openTicketAction = "hokusai_open_ticket";

export interface RootContext {
  readonly incident: string;
  readonly ticket: string | null;
  /** False for the first post: mentioning who asked there would notify twice; edits notify nobody. */
  readonly nameAsker: boolean;
}

const titleLimit = 150;
/** More priorities than any plan has; a message takes 50 blocks. */
const cardLimit = 16;

/** The one message of an incident, edited in place: verdict and coverage first, then the plan. */
export function rootMessage(run: Investigation, context: RootContext): SlackMessage {
  const words = toWords(run, context.ticket);
  const head = richText(
    section(bold(words.headline, 900)),
    ...(coverageShows(run, words) ? [section(bold(words.coverageLine, 400))] : []),
    section(plain(words.place.join(" · "), 400), ...askedBy(run, context)),
  );
  const blocks = [
    head,
    {
      type: "plan" as const,
      title: clip(planTitle(run), titleLimit),
      tasks: run.plan.priorities
        .slice(0, cardLimit)
        .map((priority, index) => card(run, priority, index)),
    },
    ...(run.endedAt === null ? [] : [buttons(run, context)]),
  ];
  const text = coverageShows(run, words)
    ? `${words.headline} ${words.coverageLine}`
    : words.headline;
  return { text: toText(text), blocks };
}

/** Beside every verdict, and as soon as something is lost; before that it would only count up. */
const coverageShows = (run: Investigation, words: Words): boolean =>
  run.endedAt !== null || run.diagnosis !== null || words.lost.length > 0;

function planTitle(run: Investigation): string {
  const plan = planWords(run.plan);
  return run.endedAt === null
    ? `Checking ... ${progress(run)} · ${plan}`
    : `${plural(run.findings.length, "check")} in ${duration(run.endedAfterMs ?? 0)} · ${plan}`;
}

function askedBy(run: Investigation, context: RootContext): readonly RichTextElement[] {
  if (!context.nameAsker || run.asker.door !== "slack" || !isUserId(run.asker.id)) return [];
  const role = run.inside === true ? "look from inside approved by" : "asked by";
  return [glue(` · ${role} `), user(run.asker.id)];
}

/** A plan's priority as a card. What could not be checked is never ticked: no tick, and its own words. */
function card(run: Investigation, priority: Priority, index: number): TaskCardBlock {
  const findings = run.findings.filter(({ check }) => priority.checks.includes(check));
  const notRun = run.notRun.filter(({ check }) => priority.checks.includes(check));
  const failing = findings.filter(({ status }) => status === "failing");
  const faults = [...failing, ...findings.filter(({ status }) => status === "degraded")];
  const total = priority.checks.length;
  const gone = notRun.length === 0 ? "" : `, ${notRun.length} could not be checked`;
  const wrong = faults.length === 0 ? "" : `, ${faults.length} not as it should be`;
  const lines = [
    ...faults.map(
      ({ check, status, summary }) => `${status === "failing" ? "✗" : "!"} ${check}: ${summary}`,
    ),
    ...notRun.map(({ check, detail }) => `could not be checked: ${check}, ${detail}`),
  ];
  return {
    type: "task_card",
    task_id: `priority-${index + 1}`,
    title: clip(
      `Priority ${priority.level}, ${clip(oneLine(priority.title), 70)} (${priority.minutes} min by hand): ${findings.length} of ${total}${wrong}${gone}`,
      titleLimit,
    ),
    status: statusOf(run, {
      ran: findings.length,
      settled: findings.length + notRun.length,
      total,
      failing: failing.length,
    }),
    ...(lines.length === 0
      ? {}
      : { details: richText(list("bullet", within(lines, 4, detailBudget(run)))) }),
  };
}

/** Characters for one card's details: all cards together stay within one message. */
const detailBudget = (run: Investigation): number =>
  Math.min(500, Math.floor(6_000 / Math.min(cardLimit, Math.max(1, run.plan.priorities.length))));

function statusOf(
  run: Investigation,
  seen: {
    readonly ran: number;
    readonly settled: number;
    readonly total: number;
    readonly failing: number;
  },
): TaskCardBlock["status"] {
  if (seen.failing > 0) return "error";
  if (run.endedAt === null && seen.settled < seen.total)
    return seen.settled === 0 ? "pending" : "in_progress";
  return seen.ran === 0 ? "pending" : "complete";
}

const open = new Set<WeighedHypothesis["verdict"]>(["confirmed", "likely", "possible"]);

/** Where a look waits for nothing but an approval, and a fault that is still in question would show in it. */
function insideWouldHelp({ plan, diagnosis, notRun }: Investigation): boolean {
  if (diagnosis === null || diagnosis.verdict === "healthy") return false;
  const waiting = notRun.filter(({ mend }) => mend === approveInside);
  const inQuestion = new Set(
    diagnosis.hypotheses.filter(({ verdict }) => open.has(verdict)).map(({ id }) => id),
  );
  return plan.hypotheses
    .filter(({ id }) => inQuestion.has(id))
    .flatMap((hypothesis) => modesOf(hypothesis))
    .some(({ effects }) => waiting.some(({ check }) => effects[check] !== undefined));
}

function buttons(run: Investigation, context: RootContext): ActionsBlock {
  const value = new URLSearchParams({
    incident: context.incident,
    run: run.id,
    model: run.target.id,
  }).toString();
  const button = (text: string, action: string) => ({
    type: "button" as const,
    text: { type: "plain_text" as const, text },
    action_id: action,
    value: value.slice(0, 2_000),
  });
  return {
    type: "actions",
    elements: [
      button("Check again", checkAgainAction),
      ...(insideWouldHelp(run) ? [button("Look from inside (ECS Exec)", lookInsideAction)] : []),
      ...(context.ticket === null ? [button("Open ticket", openTicketAction)] : []),
    ],
  };
}
