import { isoTime, type Clock } from "#core/clock.ts";
import type { RunVerdict } from "#core/diagnosis.ts";
import type { Feedback } from "#core/feedback.ts";
import type { Ledger } from "#core/incident.ts";
import type { InvestigationEvent } from "#core/investigation.ts";
import { slots } from "#core/slots.ts";
import {
  chooseEarlier,
  toEarlierIncidents,
  type Chosen,
  type Described,
  type TellingRun,
} from "./earlier-incidents.ts";
import { quietAfterMs } from "./quiet.ts";
import type { Sql } from "./sql.ts";

/** What fails more often than this is counted no further: runs of the model, incidents of its service. */
const limits = { runs: 100, incidents: 30 } as const;

const tells = (run: string): string =>
  `(${run}.verdict = 'fault' or exists (select from hokusai.feedback f where f.investigation = ${run}.id))`;

interface RunRow extends Omit<TellingRun, "words"> {
  readonly words: readonly Feedback[] | null;
}

interface DescribedRow {
  readonly incident: string;
  readonly began_at: Date;
  readonly closed_at: Date | null;
  readonly looked_at: Date;
  readonly newest_id: string;
  readonly newest_verdict: RunVerdict | null;
  readonly newest_at: Date;
  readonly channel: string | null;
  readonly ticket: string | null;
  readonly ticket_url: string | null;
  readonly thread: string | null;
  readonly verdict: InvestigationEvent | null;
}

/** What was the matter before: read from what is recorded anyway, by indexes, at most two statements. */
export function createEarlierIncidentRows(
  sql: Sql,
  clock: Clock,
): Pick<Ledger, "earlierIncidents"> {
  const describe = async (chosen: readonly Chosen[]): Promise<ReadonlyMap<string, Described>> => {
    if (chosen.length === 0) return new Map();
    const runs = chosen.map(({ run }) => run);
    const rows = await sql.rows<DescribedRow>(describing, [
      runs.map(({ incident }) => incident),
      runs.map(({ id }) => id),
      runs.map(({ model }) => model),
      runs.map(({ incident }) => slots.issue(incident)),
      runs.map(({ incident }) => slots.root(incident)),
    ]);
    return new Map(rows.map((row) => [row.incident, toDescribed(row)]));
  };

  return {
    async earlierIncidents(query) {
      const { model, service, since, incident, channel } = query;
      const rows = await sql.rows<RunRow>(telling, [
        model,
        service,
        since,
        incident,
        isoTime(clock.now() - quietAfterMs),
      ]);
      const choice = chooseEarlier(
        rows.map((row) => ({ ...row, words: row.words ?? [] })),
        model,
      );
      return toEarlierIncidents(choice, await describe(choice.chosen), { channel });
    },
  };
}

/** Merged incidents have no runs any more, so that they are not told of twice. */
const telling = `
  with ours as (
    select r.id from hokusai.investigation r
    where r.model = $1 and r.started_at >= $3 and r.started_at is not null
      and (r.verdict is not null or r.ended_at is null) and ${tells("r")}
    order by r.started_at desc, r.number desc limit ${limits.runs}
  ), theirs as (
    select r.id from (
      select id from hokusai.incident where service = $2 and opened_at >= $3
      order by opened_at desc limit ${limits.incidents}) i
    join hokusai.investigation r on r.incident = i.id
    where r.model <> $1 and r.started_at >= $3 and ${tells("r")}
  )
  select r.id::text, r.incident::text, r.model, r.verdict,
    (select json_agg(f.body order by f.number) from hokusai.feedback f where f.investigation = r.id) as words
  from (select id from ours union all select id from theirs) told
    join hokusai.investigation r on r.id = told.id join hokusai.incident i on i.id = r.incident
  where i.id <> $4 and i.id is distinct from (select merged_into from hokusai.incident where id = $4)
    and (i.closed_at is not null or not exists (
      select from hokusai.investigation u
      where u.incident = i.id and (u.ended_at is null or u.ended_at >= $5)))
  order by r.started_at desc, r.number desc`;

/**
 * A run's verdict is its last event but one, found from its end. Its kind is told by how every event begins:
 * to take a JSON apart, Postgres would refuse the characters that logs may hold.
 */
const describing = `
  select i.id::text as incident, i.closed_at, i.channel, i.ticket,
    looked.began_at, looked.looked_at,
    newest.id::text as newest_id, newest.verdict as newest_verdict, newest.at as newest_at,
    issue.url as ticket_url, root.url as thread,
    (select e.body from hokusai.event e
     where e.investigation = c.run and e.body::text like '{"type":"verdict",%'
     order by e.position desc limit 1) as verdict
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
      as c(incident, run, model, issue_key, root_key)
    join hokusai.incident i on i.id = c.incident
    cross join lateral (
      select min(r.started_at) as began_at, max(coalesce(r.ended_at, r.started_at)) as looked_at
      from hokusai.investigation r where r.incident = i.id and r.started_at is not null) looked
    cross join lateral (
      select r.id, r.verdict, coalesce(r.ended_at, r.started_at) as at from hokusai.investigation r
      where r.incident = i.id and r.model = c.model and r.started_at is not null
      order by r.started_at desc, r.number desc limit 1) newest
    left join hokusai.posted issue on issue.key = c.issue_key
    left join hokusai.posted root on root.key = c.root_key`;

const toDescribed = (row: DescribedRow): Described => ({
  beganAt: row.began_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  lookedAt: row.looked_at.toISOString(),
  newest: { id: row.newest_id, verdict: row.newest_verdict, at: row.newest_at.toISOString() },
  channel: row.channel,
  ticket: row.ticket === null ? null : { id: row.ticket, url: row.ticket_url },
  thread: row.thread,
  diagnosis: row.verdict?.type === "verdict" ? row.verdict.diagnosis : null,
});
