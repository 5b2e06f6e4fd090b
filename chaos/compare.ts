import { foldEvent, type Investigation, type InvestigationEvent } from "#core/investigation.ts";
import { checksOf } from "#core/plan.ts";
import { slots } from "#core/slots.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import type { LinearWorld } from "../src/sandbox/linear/world.ts";
import type { SlackWorld } from "../src/sandbox/slack/server.ts";
import type { Asked } from "./questions.ts";

export interface Comparison {
  readonly investigations: number;
  /** Runs with events from before and after a kill. */
  readonly resumed: number;
  readonly posts: number;
  readonly edits: number;
  readonly tickets: number;
  /** Sentences; each is one thing that was asked, found or said and is not there. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Facts that were stored and gathered again, beyond the one re-reading before a verdict. */
  readonly gatheredAgain: readonly string[];
}

interface World {
  readonly slack: SlackWorld;
  readonly linear: LinearWorld;
}

/** What was asked, what the ledger holds and what Slack and Linear saw, side by side. */
export async function compare(
  asked: readonly Asked[],
  ledger: DurableLedger,
  { slack, linear }: World,
  kills: readonly string[],
): Promise<Comparison> {
  const lost: string[] = [];
  const doubled: string[] = [];
  const gatheredAgain: string[] = [];

  const rows = await ledger.sql.rows<{
    id: string;
    incident: string;
    ended: boolean;
    done: boolean;
    job: string | null;
  }>(
    `select i.id::text, i.incident::text, i.ended_at is not null as ended, i.job_done as done,
       j.state || ', tried ' || j.retry_count || ' times, due in ' || round(extract(epoch from j.start_after - now()))
         || ' s, owner ' || coalesce(i.owner::text, 'none') as job
     from hokusai.investigation i left join hokusai_jobs.job j on j.id = i.job`,
  );
  const runs = new Map<string, Investigation>();
  let resumed = 0;
  for (const { id } of rows) {
    const events = await eventsOf(ledger, id);
    gatheredAgain.push(...gatheredTwice(events).map((fact) => `${id}: ${fact}`));
    const [first, last] = [events[0]?.at ?? "", events.at(-1)?.at ?? ""];
    if (kills.some((at) => at > first && at < last)) resumed += 1;
    const run = await ledger.investigation(id);
    if (run !== null) runs.set(id, run);
  }

  for (const { text, delivery, acknowledged } of asked) {
    if (!acknowledged) continue;
    const kept = await ledger.sql.row<{ investigation: string }>(
      "select investigation::text from hokusai.inbound where delivery = $1",
      [delivery],
    );
    const run = kept === null ? undefined : runs.get(kept.investigation);
    if (kept === null) lost.push(`"${text}" was acknowledged and is not in the ledger`);
    else if (run?.stopped !== "complete")
      lost.push(`"${text}" was acknowledged, its run is ${run?.stopped ?? "not ended"}`);
  }
  for (const { id, ended, done, job } of rows) {
    if (!ended || !done) lost.push(`run ${id} is not finished, its job is ${job ?? "gone"}`);
  }

  const posted = postedKeys(slack);
  for (const [key, times] of posted) if (times > 1) doubled.push(`Slack saw ${key} ${times} times`);
  for (const { id, incident } of rows) {
    for (const key of [slots.root(incident), slots.mention(incident, id)]) {
      if (!posted.has(key)) lost.push(`Slack never saw ${key}`);
    }
  }
  for (const key of await sentPosts(ledger))
    if (!posted.has(key)) lost.push(`the outbox says it sent ${key}, Slack never saw it`);
  for (const { key, problem } of await ledger.openOutbox(new Map()).list(["waiting", "dead"])) {
    lost.push(`not sent: ${key}${problem === null ? "" : ` (${problem})`}`);
  }
  for (const channel of ["incidents", "customer-success"]) {
    for (const message of slack.messages(channel)) {
      if (keyOf(message)?.endsWith("/root") === true && /^checking/iu.test(message.text)) {
        lost.push(
          `the last edit of ${keyOf(message)}: it still says "${message.text.slice(0, 60)}"`,
        );
      }
    }
  }

  const issues = linear.issues();
  for (const { identifier, comments } of issues) {
    if (comments.length > 1) doubled.push(`${identifier} has ${comments.length} comments of ours`);
  }
  const ticketOf = new Map<string, number>();
  for (const { title } of issues) ticketOf.set(title, (ticketOf.get(title) ?? 0) + 1);
  const incidents = new Set(rows.map(({ incident }) => incident)).size;
  if (issues.length > incidents)
    doubled.push(`${issues.length} tickets for ${incidents} incidents`);

  return {
    investigations: rows.length,
    resumed,
    posts: [...posted.values()].reduce((sum, times) => sum + times, 0),
    edits: slack.events.filter(({ type }) => type === "update").length,
    tickets: issues.length,
    lost,
    doubled,
    gatheredAgain,
  };
}

async function eventsOf(ledger: DurableLedger, id: string): Promise<readonly InvestigationEvent[]> {
  const rows = await ledger.sql.rows<{ body: InvestigationEvent }>(
    "select body from hokusai.event where investigation = $1 order by position",
    [id],
  );
  return rows.map(({ body }) => body);
}

/** A second reading belongs to a run only once, and only when every check has had its say. */
function gatheredTwice(events: readonly InvestigationEvent[]): readonly string[] {
  const readings = new Map<string, number>();
  const twice: string[] = [];
  let run: Investigation | null = null;
  for (const event of events) {
    if (event.type === "fact" && run !== null) {
      const reading = (readings.get(event.fact) ?? 0) + 1;
      readings.set(event.fact, reading);
      const complete = run.findings.length + run.notRun.length >= checksOf(run.plan).length;
      if (reading > 2 || (reading === 2 && !complete)) twice.push(event.fact);
    }
    run = foldEvent(run, event);
  }
  return twice;
}

const keyOf = ({
  metadata,
}: {
  readonly metadata: Readonly<Record<string, unknown>> | null;
}): string | null => {
  const payload = metadata?.["event_payload"];
  const key =
    typeof payload === "object" && payload !== null && "key" in payload ? payload.key : null;
  return typeof key === "string" ? key : null;
};

/** How often each of our keys was posted, edits not counted. */
function postedKeys(slack: SlackWorld): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const { type, message } of slack.events) {
    const key = type === "post" && message !== undefined ? keyOf(message) : null;
    if (key !== null) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return seen;
}

async function sentPosts(ledger: DurableLedger): Promise<readonly string[]> {
  const rows = await ledger.sql.rows<{ key: string }>(
    "select key from hokusai.effect where kind = 'slack.post' and state = 'sent'",
  );
  return rows.map(({ key }) => key);
}
