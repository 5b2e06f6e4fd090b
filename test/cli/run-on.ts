import { runCli } from "../../src/cli/index.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Store } from "../ledger/contract/stores.ts";

/** One verb on a store's ledger, as from a shell: its exit code and what it wrote. */
export async function runOn(
  store: Store,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const { databaseUrl, dataDirectory } = store.options;
  const terminal: Terminal = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    style: { colour: false, width: 80 },
    interactive: false,
    cwd: process.cwd(),
    env: {
      HOKUSAI_DATA_DIR: dataDirectory,
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      ...more,
    },
  };
  return { code: await runCli(argv, terminal), out, err };
}
