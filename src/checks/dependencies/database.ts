import { defineCheck, failing, found, ok } from "#core/check.ts";
import { duration } from "#core/observation.ts";
import { deployedModels } from "#facts/deployed-models.ts";

/** Rows of the table are model/deployed; here is only whether the database is there. */
export const database = defineCheck({
  id: "dependencies/database",
  question: "Does the API's database answer?",
  needs: { database: deployedModels },
  outcomes: {
    ok: ok("The database accepts our login and answers a query."),
    refused: failing(
      "The database refuses connections: nothing listens there.",
      "See that the instance runs, and that host and port are right.",
    ),
    timeout: failing(
      "The database does not answer in time.",
      "See security groups on its port (network/egress-database), locks and load of the instance.",
    ),
    "auth-error": failing(
      "The database refuses the login.",
      "Compare user, password and database name; was the password rotated?",
    ),
    "tls-failure": failing(
      "The TLS handshake with the database fails.",
      "Compare sslmode with what the server wants, and its authority with network.ca.",
    ),
    "no-name": failing(
      "The database's name has no address.",
      "Compare the configured host with the instance's endpoint.",
    ),
    starting: failing(
      "The database is up and not ready yet: it was restarted, or failed over, and recovers.",
      "Wait until it has recovered; see why it restarted.",
    ),
    "too-many-connections": failing(
      "Every connection slot of the database is taken.",
      "Look for clients that do not close their connections, or put a pool in front; then raise max_connections.",
    ),
    broken: failing(
      "The database drops the connection or fails on the query.",
      "Read the code in the evidence; the instance may be shutting down, or out of disk.",
    ),
  },
  noise: "probe",
  judge({ database: seen }) {
    return found(seen.outcome, `${seen.endpoint}: ${seen.detail}`, [
      {
        label: `query ${seen.table} on ${seen.endpoint}`,
        seen: `${seen.detail} in ${duration(seen.tookMs)}`,
        wanted: "rows",
      },
      ...(seen.code === null ? [] : [{ label: "code", seen: seen.code }]),
    ]);
  },
});
