import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- the shape vitest loads
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Most of a test is waiting: two at a time leave two cores idle for almost half of it.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    benchmark: { include: ["bench/**/*.bench.ts"] },
  },
});
