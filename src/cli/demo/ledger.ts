import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HokusaiError } from "#core/errors.ts";
import type { StoreKind } from "../../compose-store.ts";
import type { Terminal } from "../terminal.ts";

/** Where a demo keeps its record: never where a bot keeps its own. */
export interface DemoLedger {
  readonly kind: StoreKind;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const kinds: readonly StoreKind[] = ["memory", "embedded", "postgres"];

export function toLedgerKind(text: string | undefined): StoreKind {
  const kind = kinds.find((known) => known === (text ?? "memory"));
  if (kind === undefined)
    throw new HokusaiError(
      "usage",
      `--ledger is memory, embedded or postgres, not ${JSON.stringify(text)}.`,
    );
  return kind;
}

/** An embedded one lives as long as the demo. A server is TEST_DATABASE_URL: DATABASE_URL may be production. */
export async function openDemoLedger(kind: StoreKind, terminal: Terminal): Promise<DemoLedger> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (kind === "memory") return { kind, env: {}, remove: nothing };
  if (kind === "embedded") {
    const directory = await mkdtemp(join(tmpdir(), "hokusai-demo-"));
    const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
    return { kind, env: { HOKUSAI_DATA_DIR: directory }, remove };
  }
  const url = terminal.env["TEST_DATABASE_URL"];
  if (url === undefined) {
    throw new HokusaiError("configuration", "A demo on Postgres wants a database to play with.", {
      next: "Set TEST_DATABASE_URL to the postgres:// URL of one that nothing else uses.",
    });
  }
  return { kind, env: { DATABASE_URL: url }, remove: nothing };
}
