/** Six ways of being healthy that look a little like trouble. The API answers in each of them. */
import type { Fault } from "../src/sandbox/faults/fault.ts";
import { predictUrl } from "../src/sandbox/faults/fault.ts";
import { releaseApi } from "../src/sandbox/faults/deployment.ts";
import { targetGroupArns } from "../src/sandbox/world/initial/balancers.ts";
import { appendLog } from "../src/sandbox/world/state.ts";
import type { WorldState } from "../src/sandbox/world/state.ts";
import type { Chance } from "./chance.ts";

export interface Condition {
  readonly id: string;
  /** Edits what the world is built from. */
  readonly shape?: (state: WorldState, chance: Chance) => void;
  /** Something that happened, as a fault would: but it does no harm. */
  readonly happened?: (chance: Chance) => Omit<Fault, "id" | "title" | "system">;
  /** Faults that were there and are healed: one of these. */
  readonly healed?: readonly string[];
  /** Written once the world lives. */
  readonly past?: (state: WorldState, chance: Chance) => void;
}

const harmless = { heal: () => undefined } as const;
const minute = 60_000;

const lines = {
  auth: "ERROR [src.middleware.auth] auth service timeout after 2.0s: POST https://auth.hokus.ai/api/v1/keys/validate",
  redis: "WARNING [src.cache] redis.exceptions.ConnectionError: Error 111 connecting to redis",
  hub: "ERROR [src.api.endpoints.model_serving] HuggingFace Hub error while loading model 21: 503",
  database: "ERROR [src.database] sqlalchemy.exc.OperationalError: connection timed out",
  crash: "RuntimeError: this one was caught, and the request answered 500",
} as const;

export const conditions: readonly Condition[] = [
  {
    id: "busy",
    shape: (state, chance) => {
      for (const customer of state.customers) customer.perMinute = chance.between(12, 30);
      const usage = { cpu: chance.between(45, 68), memory: chance.between(50, 72) };
      for (const one of state.programs.values()) if (one.kind === "api") one.usage = usage;
    },
  },
  {
    id: "recovering",
    healed: [
      "service-not-running",
      "auth-unreachable",
      "redis-down",
      "database-down",
      "security-group-blocking",
      "load-balancer-misconfigured",
      "dns-resolution",
      "certificate-invalid",
    ],
  },
  {
    id: "just-deployed",
    happened: (chance) => ({
      ...harmless,
      apply: (state) => releaseApi(state, `ok${chance.between(10_000, 99_999)}`, {}),
      report: { symptom: "other", url: predictUrl, minutesAgo: chance.between(3, 30) },
    }),
  },
  {
    id: "old-errors",
    past: (state, chance) => {
      const group = state.logs.groups.find((one) => one.name === "/ecs/hokusai-api-development");
      const stream = group?.streams[0];
      if (group === undefined || stream === undefined) return;
      for (const [kind, line] of Object.entries(lines)) {
        const at = state.now() - chance.between(40, 4_000) * minute;
        const repeats = kind === "crash" ? 1 : chance.between(1, 12);
        for (let index = 0; index < repeats; index += 1)
          appendLog(state, group.name, stream.name, line, at + index * 9_000);
      }
    },
  },
  {
    id: "unrelated-target-group",
    past: (state, chance) => {
      for (let index = 0; index < chance.between(1, 3); index += 1) {
        state.elb.targets.push({
          targetGroupArn: targetGroupArns.legacy,
          id: `10.0.4.${200 + index}`,
          port: 8000,
          availabilityZone: "us-east-1a",
          registeredAt: state.now() - 90 * 1440 * minute,
          state: "unhealthy",
          reason: chance.pick(["Target.Timeout", "Target.FailedHealthChecks"]),
          description: "Health checks failed",
        });
      }
    },
  },
  {
    id: "slow-dependency",
    shape: (state, chance) => {
      const slow = chance.pick(["auth", "hub", "database", "redis", "registry"] as const);
      state[slow].delayMs = chance.between(250, 600);
    },
  },
];
