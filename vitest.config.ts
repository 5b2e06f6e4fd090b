import { defineConfig } from "vitest/config";

// oxlint-disable-next-line import/no-default-export -- the shape vitest loads
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    benchmark: { include: ["bench/**/*.bench.ts"] },
  },
});
