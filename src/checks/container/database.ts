import { defineCheck, failing, ok } from "#core/check.ts";
import { containerView } from "#facts/container-view.ts";
import { storeSeen } from "./seen.ts";

/** A connection and not a byte: the password and what it answers are dependencies/database. */
export const database = defineCheck({
  id: "container/database",
  question: "Does the running container reach the database?",
  needs: { view: containerView },
  outcomes: {
    ok: ok(
      "The container opens a connection to the port of the database. Its login and its answers were not tried.",
    ),
    "no-name": failing(
      "The name of the database does not resolve inside the container.",
      "Compare DATABASE_URL of the task definition with the instance's endpoint.",
    ),
    refused: failing(
      "The database refuses the container: nothing listens there.",
      "See that the instance runs, and that host and port of the task definition are right.",
    ),
    timeout: failing(
      "The container gets no connection to the database: it is dropped on the way.",
      "See security groups, network ACLs and routes on its port (network/egress-database).",
    ),
    broken: failing(
      "The connection to the database fails on the way.",
      "Read the error in the evidence; a route may be missing (network/egress-database).",
    ),
  },
  noise: "probe",
  judge: ({ view }) => storeSeen(view, "database"),
});
