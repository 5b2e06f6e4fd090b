import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const redisDown: Fault = {
  id: "redis-down",
  title: "The cache of auth results refuses connections",
  system: "Redis",
  apply: (world) => {
    world.redis.mode = "stopped";
  },
  heal: (world) => {
    world.redis.mode = "running";
  },
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
