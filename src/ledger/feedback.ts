import { repeats, type Feedback } from "#core/feedback.ts";
import type { Ledger } from "#core/incident.ts";
import type { Audit } from "./audit.ts";
import type { Sql } from "./sql.ts";

/** What people said of verdicts, one row each time; a row is written and its audit entry with it. */
export function createFeedbackRows(
  sql: Sql,
  audit: Audit,
): Pick<Ledger, "giveFeedback" | "feedback" | "investigationsWithFeedback"> {
  const read = async (investigation: string): Promise<readonly Feedback[]> => {
    const rows = await sql.rows<{ body: Feedback }>(
      "select body from hokusai.feedback where investigation = $1 order by number",
      [investigation],
    );
    return rows.map(({ body }) => body);
  };
  return {
    feedback: read,
    giveFeedback: (given) =>
      sql.atomically(async () => {
        const { investigation, by, channel, causes } = given;
        if (repeats(given, (await read(investigation)).at(-1))) return;
        await sql.rows("insert into hokusai.feedback (investigation, body) values ($1, $2::json)", [
          investigation,
          JSON.stringify(given),
        ]);
        await audit.record({
          actor: by,
          channel,
          action: "feedback",
          target: investigation,
          decision: "allowed",
          detail: { causes },
        });
      }),
    async investigationsWithFeedback() {
      const rows = await sql.rows<{ id: string }>(
        `select id::text from hokusai.investigation r
         where exists (select from hokusai.feedback f where f.investigation = r.id)
         order by ended_at, number`,
      );
      return rows.map(({ id }) => id);
    },
  };
}
