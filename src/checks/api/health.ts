import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { duration, edgeLayer, familyOf, seenLine } from "#core/observation.ts";
import { apiHealth } from "#facts/api-health.ts";

const slowMs = 1_000;

/** If checking keys blocks the application, its health stalls as well. */
export const health = defineCheck({
  id: "api/health",
  question: "Does the API's health endpoint answer?",
  needs: { seen: apiHealth },
  outcomes: {
    ok: ok("The health endpoint answers with success, in time."),
    failing: failing(
      "The health endpoint answers with an error, or nothing answers there.",
      "Read the answer; then the newest task's log (logs/startup) and the targets (load-balancer/targets).",
    ),
    slow: degraded(
      "The health endpoint answers, but takes more than a second.",
      "Look at cpu and memory (metrics/saturation), and at calls that block the application.",
    ),
    timeout: failing(
      "The health endpoint does not answer in time.",
      "See load-balancer/targets and ecs/service-running; if both are well, the application is blocked.",
    ),
  },
  noise: "probe",
  judge({ seen }) {
    const evidence = [
      { label: `GET ${seen.url}`, seen: seenLine(seen), wanted: `200 within ${duration(slowMs)}` },
    ];
    const outcome =
      familyOf(seen) === "timeout" || seen.outcome === "connect-timeout"
        ? "timeout"
        : seen.status === null ||
            seen.status < 200 ||
            seen.status > 299 ||
            edgeLayer(seen) === "block-page"
          ? "failing"
          : seen.totalMs > slowMs
            ? "slow"
            : "ok";
    return found(outcome, seenLine(seen), evidence);
  },
});
