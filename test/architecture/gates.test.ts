import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * Each gate is proven by a planted violation, in a copy of the project: a gate that reads nothing
 * and reports success would pass everywhere else.
 */
const root = join(import.meta.dirname, "..", "..");
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "hokusai-gates-"));
  for (const name of [
    "package.json",
    "tsconfig.json",
    "oxlint.config.ts",
    ".oxfmtrc.json",
    "knip.json",
    "src",
    "bin",
    "scripts",
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

async function planted(file: string, text: string, tool: string, args: readonly string[]) {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  try {
    return await run(tool, args);
  } finally {
    rmSync(path);
  }
}

const run = (tool: string, args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const bin = join(root, "node_modules", ".bin");
    execFile(
      join(bin, tool),
      args,
      {
        cwd: copy,
        maxBuffer: 1e8,
        env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      },
    );
  });

/** Each planted file has a name of its own; the two ends of the circle have to keep theirs. */
const named = (file: string, index: number): string =>
  file.includes("planted-") ? file : file.replace("planted.ts", `planted${index}.ts`);

const violations = [
  [
    "a check that reaches the engine",
    "src/checks/ecs/planted.ts",
    'import { runInvestigation } from "#engine/run.ts";\nexport const run = runInvestigation;\n',
    "no-restricted-imports",
  ],
  [
    "a check that reaches the engine by a relative path",
    "src/checks/ecs/planted.ts",
    'import { runInvestigation } from "../../engine/run.ts";\nexport const run = runInvestigation;\n',
    "no-restricted-imports",
  ],
  [
    "a check with an SDK",
    "src/checks/ecs/planted.ts",
    'import { ECSClient } from "@aws-sdk/client-ecs";\nexport const client = ECSClient;\n',
    "no-restricted-imports",
  ],
  [
    "core that needs a fact",
    "src/core/planted.ts",
    'import { ecsService } from "#facts/ecs-service.ts";\nexport const fact = ecsService;\n',
    "no-restricted-imports",
  ],
  [
    "the offline world that knows a check",
    "src/sandbox/planted.ts",
    'import { allChecks } from "#checks/index.ts";\nexport const checks = allChecks;\n',
    "no-restricted-imports",
  ],
  [
    "the diagnosis that knows the offline world",
    "src/diagnosis/planted.ts",
    'import { startWorld } from "#sandbox/start.ts";\nexport const start = startWorld;\n',
    "no-restricted-imports",
  ],
  [
    "Bolt outside the Slack door",
    "src/linear/planted.ts",
    'import { App } from "@slack/bolt";\nexport const app = App;\n',
    "no-restricted-imports",
  ],
  [
    "a promise that nobody awaits",
    "src/engine/planted.ts",
    "export const go = (work: () => Promise<void>): void => {\n  work();\n};\n",
    "no-floating-promises",
  ],
  [
    "a timer in a judge",
    "src/checks/ecs/planted.ts",
    "export const later = (act: () => void): unknown => setTimeout(act, 1);\n",
    "no-restricted-globals",
  ],
  [
    "the environment outside config",
    "src/facts/planted.ts",
    'export const key = process.env["KEY"];\n',
    "no-process-env",
  ],
  [
    "a default export",
    "src/core/planted.ts",
    "const value = 1;\nexport default value;\n",
    "no-default-export",
  ],
  [
    "a circle of imports",
    "src/core/planted-a.ts",
    'import { b } from "./planted-b.ts";\nexport const a = (): unknown => b;\n',
    "no-cycle",
  ],
  [
    "the other end of the circle",
    "src/core/planted-b.ts",
    'import { a } from "./planted-a.ts";\nexport const b = (): unknown => a;\n',
    "no-cycle",
  ],
  [
    "a report that loads an SDK",
    "src/reports/planted.ts",
    'import { WebClient } from "@slack/web-api";\nexport const client = WebClient;\n',
    "no-restricted-imports",
  ],
] as const;
const allowed = [
  "src/reports/planted-types.ts",
  'import type { KnownBlock } from "@slack/web-api";\nexport type Block = KnownBlock;\n',
] as const;

describe("the gates", () => {
  it("types: an index that may be undefined", async () => {
    const text = "export const first = (words: string[]): string => words[0];\n";
    const { code, output } = await planted("src/core/planted.ts", text, "tsc", ["-p", "."]);
    expect(output).toContain("planted.ts");
    expect(code).not.toBe(0);
  }, 60_000);

  describe("lint", () => {
    let reported: string[] = [];
    beforeAll(async () => {
      const files = [
        ...violations.map(([, file, text], index) => [named(file, index), text] as const),
        allowed,
      ];
      for (const [file, text] of files) {
        mkdirSync(dirname(join(copy, file)), { recursive: true });
        writeFileSync(join(copy, file), text);
      }
      const { output } = await run("oxlint", [
        "-c",
        "oxlint.config.ts",
        "--format=unix",
        ...files.map(([file]) => file),
      ]);
      reported = output.split("\n");
      for (const [file] of files) rmSync(join(copy, file));
    }, 120_000);

    it.each(
      violations.map(([what, file, , rule], index) => [what, named(file, index), rule] as const),
    )("%s", (_, file, rule) => {
      expect(reported.filter((line) => line.startsWith(file) && line.includes(rule))).not.toEqual(
        [],
      );
    });

    it("types of an SDK are allowed where they are needed", () => {
      expect(reported.filter((line) => line.startsWith(allowed[0]))).toEqual([]);
    });
  });

  it("format: a line that oxfmt would break", async () => {
    const { code, output } = await planted(
      "src/core/planted.ts",
      "export const   a =  'x'\n",
      "oxfmt",
      ["--check", "src/core/planted.ts"],
    );
    expect(output).toContain("planted.ts");
    expect(code).not.toBe(0);
  });

  it("unused: a file that nobody imports", async () => {
    const { code, output } = await planted(
      "src/core/planted.ts",
      "export const unused = 1;\n",
      "knip",
      ["--include", "files"],
    );
    expect(output).toContain("src/core/planted.ts");
    expect(code).not.toBe(0);
  }, 60_000);
});
