import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { duration } from "#core/observation.ts";
import { redis as fact } from "#facts/redis.ts";

const almost = 0.98;

/** Without its cache the API asks the auth service for each request: slow, and then over its limits. */
export const redis = defineCheck({
  id: "dependencies/redis",
  question: "Does the cache of checked keys answer?",
  needs: { redis: fact },
  outcomes: {
    ok: ok("Redis accepts our login and answers PING."),
    refused: failing(
      "Redis refuses the connection: nothing listens there.",
      "See that the instance or its service runs, and that host and port are right.",
    ),
    timeout: failing(
      "Redis does not accept a connection in time.",
      "See security groups on its port (network/egress-redis) and whether the instance is up.",
    ),
    "auth-error": failing(
      "Redis refuses the login.",
      "Compare user and password with the instance's; was the token rotated?",
    ),
    full: degraded(
      "Redis is full and does not evict: writes fail.",
      "Raise its memory, or set an eviction policy such as volatile-ttl.",
    ),
    "tls-failure": failing(
      "The TLS handshake with Redis fails.",
      "See whether encryption in transit is on, and write redis:// or rediss:// to match.",
    ),
    "no-name": failing(
      "The name of Redis has no address.",
      "Compare the configured host with the instance's endpoint.",
    ),
    starting: failing(
      "Redis is up, and loads its data set before it answers: it was restarted.",
      "Wait until it has loaded; see why it restarted (memory, a failover).",
    ),
    "too-many-connections": failing(
      "Redis refuses new clients: as many as it allows are connected.",
      "Look for clients that do not close their connections; raise maxclients.",
    ),
    broken: failing(
      "Something listens, but it does not speak Redis or drops the connection.",
      "See what listens on that port, and the log of Redis.",
    ),
  },
  noise: "probe",
  judge({ redis: seen }) {
    const evidence = [
      {
        label: `PING ${seen.endpoint}`,
        seen: `${seen.detail} in ${duration(seen.tookMs)}`,
        wanted: "PONG",
      },
      ...(seen.memory === null
        ? []
        : [
            {
              label: "memory",
              seen: `${seen.memory.used} of ${seen.memory.maximum || "unlimited"} bytes, ${seen.memory.policy}`,
            },
          ]),
    ];
    const full =
      seen.memory !== null &&
      seen.memory.maximum > 0 &&
      seen.memory.policy === "noeviction" &&
      seen.memory.used >= seen.memory.maximum * almost;
    if (seen.outcome === "ok" && full)
      return found("full", "memory is used up and nothing is evicted", evidence);
    return found(seen.outcome, `${seen.endpoint}: ${seen.detail}`, evidence);
  },
});
