import { defineCheck, failing, ok } from "#core/check.ts";
import { containerView } from "#facts/container-view.ts";
import { storeSeen } from "./seen.ts";

/** A connection and not a byte: the password and what it answers are dependencies/redis. */
export const redis = defineCheck({
  id: "container/redis",
  question: "Does the running container reach Redis?",
  needs: { view: containerView },
  outcomes: {
    ok: ok(
      "The container opens a connection to the port of Redis. Its login and its answers were not tried.",
    ),
    "no-name": failing(
      "The name of Redis does not resolve inside the container.",
      "Compare REDIS_URL or REDIS_HOST of the task definition with the instance's endpoint.",
    ),
    refused: failing(
      "Redis refuses the container: nothing listens there.",
      "See that the instance runs, and that host and port of the task definition are right.",
    ),
    timeout: failing(
      "The container gets no connection to Redis: it is dropped on the way.",
      "See security groups, network ACLs and routes on its port (network/egress-redis).",
    ),
    broken: failing(
      "The connection to Redis fails on the way.",
      "Read the error in the evidence; a route may be missing (network/egress-redis).",
    ),
  },
  noise: "probe",
  judge: ({ view }) => storeSeen(view, "redis"),
});
