import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { familyOf, seenLine } from "#core/observation.ts";
import { authHealth } from "#facts/auth-health.ts";

/** Seen from where we are: a task whose egress is closed may still not reach it (network/egress-auth). */
export const auth = defineCheck({
  id: "dependencies/auth",
  question: "Does the auth service answer?",
  needs: { seen: authHealth },
  outcomes: {
    ok: ok(
      "The auth service answers from here. That the API's tasks reach it as well is not shown by this.",
    ),
    timeout: failing(
      "The auth service accepts nothing, or nothing comes back: the API waits for it with every key.",
      "Ask whoever runs the auth service; look at its own tasks and load balancer.",
    ),
    refused: failing(
      "The auth service's address refuses or drops connections.",
      "See that the auth service runs and listens; its load balancer may have no listener.",
    ),
    "server-error": failing(
      "The auth service answers with an error, or not in HTTP.",
      "Ask whoever runs the auth service; look at its log.",
    ),
    "no-name": failing(
      "The auth service's name has no address.",
      "Put its record back (dns/external-names).",
    ),
    "tls-failure": degraded(
      "The TLS handshake with the auth service fails.",
      "See tls/certificates: the API's client refuses it as well.",
    ),
  },
  noise: "probe",
  judge({ seen }) {
    const evidence = [
      { label: `GET ${seen.url}`, seen: seenLine(seen), wanted: "200" },
      { label: "seen from", seen: seen.vantage },
    ];
    const family = familyOf(seen);
    const outcome =
      family === "name"
        ? "no-name"
        : family === "timeout" || seen.outcome === "connect-timeout"
          ? "timeout"
          : family === "connect"
            ? "refused"
            : family === "tls"
              ? seen.outcome === "tls-timeout"
                ? "timeout"
                : "tls-failure"
              : family === "broken" || (seen.status ?? 500) >= 500
                ? "server-error"
                : "ok";
    return found(outcome, seenLine(seen), evidence);
  },
});
