#!/usr/bin/env node
// Plain JavaScript, so that an old Node gets a sentence instead of a syntax error, and so that the
// compile cache is on before the first TypeScript file is read.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const major = Number(process.versions.node.split(".")[0]);
if (major >= 24) {
  module.enableCompileCache?.();
  const { runCli } = await import("../src/cli/index.ts");
  process.exitCode = await runCli(process.argv.slice(2));
} else {
  const bundled = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (existsSync(bundled)) {
    const self = fileURLToPath(import.meta.url);
    const child = spawnSync(bundled, [self, ...process.argv.slice(2)], { stdio: "inherit" });
    process.exitCode = child.status ?? 70;
  } else {
    console.error(
      `hokusai needs Node 24 or newer, this is ${process.versions.node}. Run "npm ci" first: it brings one along.`,
    );
    process.exitCode = 78;
  }
}
