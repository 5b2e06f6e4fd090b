import { defineConfig } from "oxlint";

/**
 * Which rooms each room may import (docs/architecture.md gives the reasons). Everything else is
 * refused, whether it is written "#room/..." or "../room/...".
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ["core"],
  clients: ["core"],
  facts: ["core"],
  checks: ["core", "facts"],
  diagnosis: ["core"],
  evaluation: ["core"],
  engine: ["core"],
  ledger: ["core"],
  reports: ["core"],
  commands: ["core", "reports"],
  slack: ["core", "reports", "commands"],
  linear: ["core", "reports", "commands"],
  // The offline world by import() alone: an installation may not have it.
  cli: ["core", "reports", "commands", "sandbox"],
  sandbox: [],
};

/** SDKs and the rooms that may load them; types alone are allowed in reports and linear. */
const sdks: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/*": ["clients", "sandbox"],
  "@slack/web-api": ["clients", "sandbox"],
  "@slack/bolt": ["slack"],
  "@linear/sdk": ["clients", "sandbox"],
  undici: ["clients"],
  pg: ["clients", "ledger"],
  redis: ["clients"],
  yaml: ["config"],
  emulate: ["sandbox"],
  graphql: ["sandbox"],
};

const layer = (room: string, allowed: readonly string[]) => ({
  files: [`src/${room}/**`],
  rules: {
    "no-restricted-imports": "off",
    "typescript/no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ["#*", "#*/**", ...allowed.map((name) => `!#${name}/**`)],
            message: `src/${room} may import ${allowed.join(", ") || "no other room"} (docs/architecture.md).`,
          },
          {
            group: Object.keys(rooms).flatMap((name) =>
              name === room ? [] : [`../**/${name}/**`, `../${name}/**`],
            ),
            message: "Write imports across rooms as #room/file.ts, so that this rule can see them.",
          },
          {
            group: Object.keys(sdks).filter((name) => !sdks[name]?.includes(room)),
            allowTypeImports: room === "reports" || room === "linear" || room === "slack",
            message: `This SDK has its own room (docs/architecture.md); src/${room} asks a port instead.`,
          },
        ],
      },
    ],
  },
});

// oxlint-disable-next-line import/no-default-export -- the shape oxlint loads
export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  options: { typeAware: true },
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/no-explicit-any": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "no-console": "error",
    "node/no-process-env": "error",
    "no-await-in-loop": "off",
    "unicorn/require-post-message-target-origin": "off",
    "unicorn/no-array-sort": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "no-shadow": "off",
    "unicorn/consistent-function-scoping": "off",
    "typescript/no-unnecessary-type-arguments": "off",
    "typescript/no-generated-empty-object-type": "off",
    "typescript/consistent-return": "off",
    "no-underscore-dangle": "off",
    "import/no-unassigned-import": "off",
    "vitest/require-mock-type-parameters": "off",
    "vitest/no-conditional-expect": "off",
    "vitest/valid-expect": ["error", { maxArgs: 2 }],
    "oxc/no-map-spread": "off",
    "import/no-named-as-default-member": "off",
    "vitest/warn-todo": "error",
    "vitest/no-focused-tests": "error",
    "vitest/expect-expect": "error",
  },
  overrides: [
    ...Object.entries(rooms).map(([room, allowed]) => layer(room, allowed)),
    {
      files: ["test/**", "bench/**", "chaos/**", "eval/**", "bin/**"],
      rules: { "no-console": "off", "node/no-process-env": "off" },
    },
    { files: ["*.config.ts"], rules: { "import/no-default-export": "off" } },
    {
      files: ["src/core/**", "src/facts/**", "src/checks/**", "src/diagnosis/**", "src/reports/**"],
      rules: {
        "no-restricted-globals": ["error", "fetch", "setTimeout", "setInterval", "process"],
      },
    },
  ],
  ignorePatterns: ["node_modules", "coverage"],
});
