import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { logsConsole } from "../console.ts";
import { dependencyLines } from "./dependency-lines.ts";

const dependency = {
  name: "the auth service",
  unresolved: "auth-unresolved",
  errors: ["auth-timeout", "auth-error"],
} as const;

export const auth = defineCheck({
  id: "logs/auth",
  question: "Does the API log errors about its auth service?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with its auth service."),
    unresolved: failing(
      "The auth service's name does not resolve for the API: its record, DNS in the VPC, or a wrong host in the API's configuration. The auth service itself may be well.",
      "Look the name up from outside (dns/external-names) and from a task (container/names), see network/vpc-dns, and compare its URL in the task definition (ecs/environment-change).",
    ),
    timeouts: failing(
      "Calls to the auth service time out: requests with a key wait, and then fail.",
      "Check the way out (network/egress-auth) and the auth service itself (dependencies/auth).",
    ),
    errors: degraded(
      "Calls to the auth service fail at once: refused, or a server error.",
      "Read the newest line; check the auth service (dependencies/auth) and its URL in the task definition.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = dependencyLines(lines, dependency, now);
    if ("notRun" in looked) return looked;
    const { prevails, summary, evidence } = looked;
    const late = (lines.groups?.kinds["auth-timeout"].count ?? 0) > 0;
    if (prevails === "errors") return found(late ? "timeouts" : "errors", summary, evidence);
    return found(prevails ?? "none", summary, evidence);
  },
});
