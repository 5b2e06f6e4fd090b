import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { deployedModels } from "#facts/deployed-models.ts";

const live = /^(?:deployed|active|running|live|ready|serving|available|enabled)$/iu;

/** Which deployment the model's id stands for. */
export const deployed = defineCheck({
  id: "model/deployed",
  question: "Is the model in the table of deployments, and deployed?",
  needs: { database: deployedModels },
  outcomes: {
    deployed: ok("The table has exactly one live deployment of the model."),
    missing: failing(
      "The table has no row for this model.",
      "Deploy the model, or see whether it is served by the other router without a row.",
    ),
    "not-deployed": failing(
      "The table knows the model, but no deployment of it is live.",
      "See why the deployment stopped; the status is in the evidence.",
    ),
    ambiguous: degraded(
      "More than one live deployment claims this model: which one answers is left to chance.",
      "Retire all but one.",
    ),
  },
  noise: "read",
  judge({ database: { rows, table, detail, code } }, { target }) {
    if (code === "42501") {
      return {
        notRun: {
          reason: "denied",
          detail,
          mend: `grant SELECT on ${table} to the bot's login`,
          availability: "lost",
        },
      };
    }
    if (rows === null) {
      return cannotTell(
        `${table} could not be read: ${detail}${code === null ? "" : ` (${code})`}`,
        "see dependencies/database; name the table in dependencies.database.table",
      );
    }
    const evidence = rows.map((row) => ({
      label: `deployment ${row.id}`,
      seen: `model ${row.modelId}, ${row.status}`,
      wanted: "one that is live",
    }));
    const alive = rows.filter((row) => live.test(row.status.trim()));
    if (rows.length === 0)
      return found("missing", `no row for model ${target.id} in ${table}`, evidence);
    if (alive.length === 0)
      return found("not-deployed", `status ${rows.map((row) => row.status).join(", ")}`, evidence);
    if (alive.length > 1) return found("ambiguous", `${alive.length} live deployments`, evidence);
    return found("deployed", `${alive[0]?.id ?? ""} is ${alive[0]?.status ?? ""}`, evidence);
  },
});
