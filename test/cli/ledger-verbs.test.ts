import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { stores, type Store } from "../ledger/contract/stores.ts";
import { runOn } from "./run-on.ts";

describe.each(stores)("hokusai outbox and prune, $name", ({ name, make }) => {
  let store: Store;
  beforeAll(async () => {
    store = await make();
    const ledger = await store.open();
    const outbox = ledger.openOutbox(
      new Map([["slack.post", async () => Promise.reject(new Error("is_archived"))]]),
    );
    outbox.start();
    for (const key of ["incident-1/message", "incident-2/message"]) {
      await outbox.put({ key, queue: key, kind: "slack.post", payload: {} });
    }
    await outbox.drained();
    await outbox.stop();
    await ledger.close();
  }, 120_000);
  afterAll(() => store.remove());

  const run = (...argv: string[]) => runOn(store, argv);
  const audited = async () => {
    const ledger = await store.open();
    const rows = await ledger.audit.newest();
    await ledger.close();
    return rows.map(({ actor, action, target }) => `${actor} ${action} ${target}`);
  };

  it("show what was given up on, and why", async () => {
    const { code, out } = await run("outbox");
    expect(code).toBe(0);
    expect(out).toMatch(
      /given up {2}slack\.post {2}incident-1\/message\n.*1 attempt: is_archived/u,
    );
    const json = JSON.parse((await run("outbox", "list", "--json")).out) as { effects: object[] };
    expect(json.effects).toHaveLength(2);
    expect(json.effects[0]).toMatchObject({
      key: "incident-1/message",
      state: "dead",
      attempts: 1,
    });
  });

  it("send again, drop, and write both down", async () => {
    const again = await run("outbox", "resend", "incident-1/message");
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toContain(name === "postgres" ? "within seconds" : "at its next start");
    expect((await run("outbox", "drop", "incident-2/message")).out).toBe(
      "incident-2/message is dropped.\n",
    );
    expect((await run("outbox")).out).toMatch(/^waiting {3}slack\.post {2}incident-1\/message/u);
    expect(await audited()).toEqual([
      "terminal drop incident-2/message",
      "terminal resend incident-1/message",
    ]);
  });

  it.each([
    [["outbox", "resend", "nothing"], 64, "Nothing with the key nothing was given up on."],
    [["outbox", "explode"], 64, "hokusai outbox resend <key>"],
    [["prune", "--days", "soon"], 64, "--days wants a whole number"],
    [["prune", "everything"], 64, 'prune takes no "everything"'],
  ])("%j: exit %i", async (argv, code, sentence) => {
    const result = await run(...argv);
    expect(result.code).toBe(code);
    expect(result.err).toContain(sentence);
  });

  it("prune, or only count", async () => {
    expect((await run("prune", "--dry-run")).out).toMatch(/^Would delete 0 investigations/u);
    const { out } = await run("prune", "--days", "1", "--json");
    expect(JSON.parse(out)).toMatchObject({ dryRun: false, pruned: { investigations: 0 } });
    expect((await audited())[0]).toBe("terminal prune null");
  });

  it.runIf(name === "embedded")("say who holds the directory, and what to do", async () => {
    const ledger = await store.open();
    const { code, err } = await run("outbox");
    await ledger.close();
    expect(code).toBe(78);
    expect(err).toContain(`hokusai is already running, pid ${process.pid}`);
  });
});

it("outbox does not make a ledger where there is none", async () => {
  let err = "";
  const terminal: Terminal = {
    out: () => undefined,
    err: (text) => void (err += text),
    style: { colour: false, width: 80 },
    interactive: false,
    cwd: process.cwd(),
    env: { HOKUSAI_DATA_DIR: "no/such/directory" },
  };
  expect(await runCli(["outbox"], terminal)).toBe(78);
  expect(err).toContain("There is no ledger in");
});
