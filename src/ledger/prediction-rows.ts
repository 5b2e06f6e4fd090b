import type { PredictionCount } from "#core/prediction-count.ts";
import type { Sql } from "./sql.ts";

/** The day's test predictions in one row, taken by one statement: every process shares it. */
export const createPredictionRows = (sql: Sql): PredictionCount => ({
  async take(day, most) {
    if (most <= 0) return false;
    const row = await sql.row(
      `insert into hokusai.prediction_day as known (day, count) values ($1::date, 1)
       on conflict (day) do update set count = known.count + 1 where known.count < $2
       returning count`,
      [day, most],
    );
    return row !== null;
  },
});
