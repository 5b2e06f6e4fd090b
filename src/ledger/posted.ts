import { isoTime, type Clock } from "#core/clock.ts";
import type { Ledger, Posted } from "#core/incident.ts";
import type { Sql } from "./sql.ts";

export const createPosted = (sql: Sql, clock: Clock): Pick<Ledger, "posted" | "recordPosted"> => ({
  posted: (key) =>
    sql.row<Posted>("select key, ref, hash, url from hokusai.posted where key = $1", [key]),
  async recordPosted({ key, ref, hash, url }) {
    await sql.rows(
      `insert into hokusai.posted (key, ref, hash, url, at) values ($1, $2, $3, $4, $5)
       on conflict (key) do update set ref = $2, hash = $3, url = $4, at = $5`,
      [key, ref, hash, url, isoTime(clock.now())],
    );
  },
});
