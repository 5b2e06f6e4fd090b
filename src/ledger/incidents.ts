import { randomUUID } from "node:crypto";
import { isoTime, type Clock } from "#core/clock.ts";
import type { Incident, Ledger } from "#core/incident.ts";
import { quietAfterMs } from "./quiet.ts";
import type { Sql } from "./sql.ts";

type IncidentLedger = Pick<Ledger, "openIncident" | "incident" | "amendIncident">;

/** What people do to incidents. Every one of these is written to the audit by who calls it. */
export interface IncidentDesk {
  /** Moves these investigations to an incident of their own, which later questions do not join. */
  splitIncident(id: string, investigations: readonly string[]): Promise<Incident>;
  /** Moves everything of the first to the second, and closes the first. */
  mergeIncidents(from: string, into: string): Promise<Incident>;
  closeIncident(id: string): Promise<Incident>;
  /** The incident to which a run belongs now; null where there is no such run. */
  incidentOf(investigation: string): Promise<Incident | null>;
  /** The open incidents, newest first. */
  openIncidents(limit?: number): Promise<readonly Incident[]>;
}

interface IncidentRow {
  readonly id: string;
  readonly service: string;
  readonly channel: string | null;
  readonly ticket: string | null;
  readonly lead: string | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly merged_into: string | null;
  readonly investigations: readonly string[] | null;
}

const selected = `
  select i.*, (
    select array_agg(r.id::text order by r.started_at, r.number)
    from hokusai.investigation r where r.incident = i.id and r.started_at is not null
  ) as investigations
  from hokusai.incident i`;

const columns = {
  channel: "channel",
  ticket: "ticket",
  lead: "lead",
  closedAt: "closed_at",
} as const;

const toIncident = (row: IncidentRow): Incident => ({
  id: row.id,
  service: row.service,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  channel: row.channel,
  ticket: row.ticket,
  investigations: row.investigations ?? [],
  lead: row.lead,
  mergedInto: row.merged_into,
});

export function createIncidents(sql: Sql, clock: Clock): IncidentLedger & IncidentDesk {
  const now = (): string => isoTime(clock.now());
  const find = async (id: string): Promise<Incident | null> => {
    const row = await sql.row<IncidentRow>(`${selected} where i.id = $1`, [id]);
    return row === null ? null : toIncident(row);
  };
  const must = async (id: string): Promise<Incident> => {
    const incident = await find(id);
    if (incident === null) throw new Error(`no incident ${id}`);
    return incident;
  };

  const closeQuiet = (service: string, channel: string | null): Promise<unknown> =>
    sql.rows(
      `update hokusai.incident i set closed_at = $3
       where service = $1 and coalesce(channel, '') = coalesce($2, '') and closed_at is null and takes_new
         and opened_at < $4 and not exists (
           select from hokusai.investigation r where r.incident = i.id and (r.ended_at is null or r.ended_at >= $4))`,
      [service, channel, now(), isoTime(clock.now() - quietAfterMs)],
    );

  return {
    openIncident: (service, channel) =>
      sql.atomically(async () => {
        await closeQuiet(service, channel);
        await sql.rows(
          `insert into hokusai.incident (id, service, channel, opened_at) values ($1, $2, $3, $4)
           on conflict (service, coalesce(channel, '')) where closed_at is null and takes_new do nothing`,
          [randomUUID(), service, channel, now()],
        );
        const row = await sql.row<IncidentRow>(
          `${selected} where i.service = $1 and coalesce(i.channel, '') = coalesce($2, '')
           and i.closed_at is null and i.takes_new`,
          [service, channel],
        );
        if (row === null)
          throw new Error(`the incident of ${service} was closed while it was opened: try again`);
        return toIncident(row);
      }),
    incident: find,
    amendIncident: (id, fields) =>
      sql.atomically(async () => {
        for (const [field, value] of Object.entries(fields)) {
          const column = columns[field as keyof typeof columns];
          await sql.rows(`update hokusai.incident set ${column} = $2 where id = $1`, [id, value]);
        }
        return must(id);
      }),

    splitIncident: (id, investigations) =>
      sql.atomically(async () => {
        const { service, channel } = await must(id);
        const split = randomUUID();
        await sql.rows(
          `insert into hokusai.incident (id, service, channel, opened_at, takes_new) values ($1, $2, $3, $4, false)`,
          [split, service, channel, now()],
        );
        const moved = await sql.rows(
          "update hokusai.investigation set incident = $1 where incident = $2 and id = any($3::uuid[]) returning id",
          [split, id, [...investigations]],
        );
        if (moved.length !== new Set(investigations).size) {
          throw new Error(`not all of these investigations belong to incident ${id}`);
        }
        return must(split);
      }),
    mergeIncidents: (from, into) =>
      sql.atomically(async () => {
        if (from === into) throw new Error("an incident cannot be merged into itself");
        const [gone, kept] = [await must(from), await must(into)];
        if (kept.closedAt !== null) throw new Error(`incident ${into} is closed`);
        await sql.rows("update hokusai.investigation set incident = $2 where incident = $1", [
          from,
          into,
        ]);
        const closed = await sql.row<{ takes_new: boolean }>(
          `update hokusai.incident set closed_at = coalesce(closed_at, $2), merged_into = $3
           where id = $1 returning takes_new`,
          [from, now(), into],
        );
        if (
          closed?.takes_new === true &&
          gone.service === kept.service &&
          gone.channel === kept.channel
        ) {
          await sql.rows("update hokusai.incident set takes_new = true where id = $1", [into]);
        }
        return must(into);
      }),
    closeIncident: (id) =>
      sql.atomically(async () => {
        await must(id);
        await sql.rows(
          "update hokusai.incident set closed_at = coalesce(closed_at, $2) where id = $1",
          [id, now()],
        );
        return must(id);
      }),
    async incidentOf(investigation) {
      const row = await sql.row<IncidentRow>(
        `${selected} join hokusai.investigation run on run.incident = i.id where run.id = $1`,
        [investigation],
      );
      return row === null ? null : toIncident(row);
    },
    openIncidents: async (limit = 100) =>
      (
        await sql.rows<IncidentRow>(
          `${selected} where i.closed_at is null order by i.opened_at desc limit $1`,
          [limit],
        )
      ).map(toIncident),
  };
}
