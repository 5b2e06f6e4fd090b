import type { AuditEntry } from "#core/audit.ts";
import { isoTime, type Clock } from "#core/clock.ts";
import type { Sql } from "./sql.ts";

export interface AuditRow extends AuditEntry {
  readonly at: string;
}

/** Append-only: the database refuses changes, and deletes only what retention has let go. */
export interface Audit {
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  newest(limit?: number): Promise<readonly AuditRow[]>;
}

export const createAudit = (sql: Sql, clock: Clock, onAudit: (row: AuditRow) => void): Audit => ({
  async record(entry) {
    const at = isoTime(clock.now());
    await sql.rows(
      `insert into hokusai.audit (at, actor, channel, action, target, decision, detail)
       values ($1, $2, $3, $4, $5, $6, $7::json)`,
      [
        at,
        entry.actor,
        entry.channel,
        entry.action,
        entry.target,
        entry.decision,
        entry.detail === undefined ? null : JSON.stringify(entry.detail),
      ],
    );
    sql.whenDurable(() => onAudit({ at, ...entry }));
  },
  async newest(limit = 100) {
    const rows = await sql.rows<
      Omit<AuditRow, "at" | "detail"> & { at: Date; detail: AuditRow["detail"] | null }
    >(
      "select at, actor, channel, action, target, decision, detail from hokusai.audit order by id desc limit $1",
      [limit],
    );
    return rows.map(({ at, detail, ...row }) => ({
      at: at.toISOString(),
      ...row,
      ...(detail == null ? {} : { detail }),
    }));
  },
});
