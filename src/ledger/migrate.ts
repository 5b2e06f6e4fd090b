import { HokusaiError } from "#core/errors.ts";
import { migrations, type Migration } from "./migrations.ts";
import type { Sql } from "./sql.ts";

/** Any number that nobody else uses; one process migrates, the others wait for it. */
const migrationLock = 482_023_551;

/**
 * Brings the schema up to what this program knows. A newer schema is accepted where it says that a
 * program as old as this one can still use it. Throws HokusaiError("configuration") otherwise.
 */
export async function migrate(sql: Sql, known: readonly Migration[] = migrations): Promise<void> {
  const newest = known.at(-1)?.version ?? 0;
  await sql.atomically(async () => {
    await sql.rows("select pg_advisory_xact_lock($1::bigint)", [migrationLock]);
    await sql.exec(`
      create schema if not exists hokusai;
      create table if not exists hokusai.migration (
        version integer primary key,
        name text not null,
        readable_from integer not null,
        applied_at timestamptz not null default now()
      );
    `);
    const found = await sql.row<{ version: number; readable_from: number }>(
      "select version, readable_from from hokusai.migration order by version desc limit 1",
    );
    if (found !== null && found.version > newest) {
      if (found.readable_from <= newest) return;
      throw new HokusaiError(
        "configuration",
        `The ledger's schema is version ${found.version}; this program knows ${newest} and is too old for it.`,
        { next: `Start a version of hokusai that knows schema ${found.readable_from} or newer.` },
      );
    }
    for (const migration of known.filter(({ version }) => version > (found?.version ?? 0))) {
      await sql.exec(migration.sql);
      await sql.rows(
        "insert into hokusai.migration (version, name, readable_from) values ($1, $2, $3)",
        [migration.version, migration.name, migration.readableFrom],
      );
    }
  });
}
