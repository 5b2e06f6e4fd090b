import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const auth = defineCheck({
  id: "logs/auth",
  question: "Does the API log errors about its auth service?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with its auth service."),
    timeouts: failing(
      "Calls to the auth service time out: requests with a key wait, and then fail.",
      "Check the way out (network/egress-auth) and the auth service itself (dependencies/auth).",
    ),
    errors: degraded(
      "Calls to the auth service fail at once: refused, a server error, or a name that does not resolve.",
      "Read the newest line; check the auth service (dependencies/auth) and its URL in the task definition.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }) {
    const looked = seenOf(lines, ["auth-timeout", "auth-error"]);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    if (count === 0 || lines.groups === null) return found("none", summary);
    const { kinds } = lines.groups;
    return found(kinds["auth-timeout"].count > 0 ? "timeouts" : "errors", summary, evidence);
  },
});
