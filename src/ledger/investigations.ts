import type { Ledger } from "#core/incident.ts";
import { LostClaim } from "#core/command-queue.ts";
import { foldEvent, type Investigation, type InvestigationEvent } from "#core/investigation.ts";
import type { Sql } from "./sql.ts";
import { createStoppedTasks } from "./stopped-tasks.ts";

/** Folds kept, so that a view that asks for the same run again reads only what is new. */
const remembered = 40;

/** Runs as appended events. The columns beside them are an index, computed from the same events. */
export function createInvestigationRows(
  sql: Sql,
): Pick<
  Ledger,
  "append" | "investigation" | "newestInvestigation" | "newestResult" | "stoppedTasks"
> {
  const stoppedTasks = createStoppedTasks(sql);
  const folds = new Map<string, { readonly position: number; readonly run: Investigation }>();
  const remember = (id: string, position: number, run: Investigation): void => {
    folds.delete(id);
    folds.set(id, { position, run });
    const oldest = folds.keys().next().value;
    if (folds.size > remembered && oldest !== undefined) folds.delete(oldest);
  };

  const read = async (id: string): Promise<Investigation | null> => {
    const known = folds.get(id);
    const events = await sql.rows<{ position: number; body: InvestigationEvent }>(
      "select position, body from hokusai.event where investigation = $1 and position > $2 order by position",
      [id, known?.position ?? 0],
    );
    const run = events.reduce<Investigation | null>(
      (fold, { body }) => foldEvent(fold, body),
      known?.run ?? null,
    );
    const position = events.at(-1)?.position ?? known?.position ?? 0;
    if (run !== null) sql.whenDurable(() => remember(id, position, run));
    return run;
  };

  return {
    append: (incident, id, event) =>
      sql.atomically(async () => {
        if (event.type === "started") {
          await sql.rows(
            `insert into hokusai.investigation (id, incident, model, accepted_at, started_at)
             values ($1, $2, $3, $4, $4) on conflict (id) do nothing`,
            [id, incident, event.target.id, event.at],
          );
        }
        const row = await sql.row(
          `update hokusai.investigation
           set started_at = coalesce(started_at, $3), ended_at = coalesce($4, ended_at), verdict = coalesce($5, verdict)
           where id = $1 and (owner is null or owner = $2) returning id`,
          [
            id,
            sql.home.owner,
            event.type === "started" ? event.at : null,
            event.type === "ended" ? event.at : null,
            event.type === "verdict" ? event.diagnosis.verdict : null,
          ],
        );
        if (row === null) throw new LostClaim(id);
        await stoppedTasks.keep(incident, event);
        await sql.rows(
          `insert into hokusai.event (investigation, position, body)
           select $1, coalesce(max(position), 0) + 1, $2::json from hokusai.event where investigation = $1`,
          [id, JSON.stringify(event)],
        );
      }),
    investigation: read,
    stoppedTasks: (service, since) => stoppedTasks.of(service, since),
    async newestInvestigation(model) {
      const row = await sql.row<{ id: string }>(
        `select id from hokusai.investigation
         where model = $1 and started_at is not null and (verdict is not null or ended_at is null)
         order by started_at desc, number desc limit 1`,
        [model],
      );
      return row === null ? null : read(row.id);
    },
    async newestResult(model) {
      const row = await sql.row<{ id: string }>(
        `select id from hokusai.investigation
         where model = $1 and started_at is not null and verdict is not null
         order by started_at desc, number desc limit 1`,
        [model],
      );
      return row === null ? null : read(row.id);
    },
  };
}
