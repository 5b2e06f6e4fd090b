import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stores, type Store } from "../ledger/contract/stores.ts";
import { events } from "../ledger/contract/runs.ts";
import { runOn } from "./run-on.ts";

describe.each(stores)("hokusai incident, $name", ({ make }) => {
  let store: Store;
  const runs = [randomUUID(), randomUUID(), randomUUID()] as const;
  let [first, second] = ["", ""];

  beforeAll(async () => {
    store = await make();
    const ledger = await store.open();
    first = (await ledger.openIncident("hokusai-api", "C1")).id;
    second = (await ledger.openIncident("hokusai-web", "C1")).id;
    const begin = (incident: string, id: string): Promise<void> =>
      ledger.append(incident, id, events.started(id, "21", new Date().toISOString()));
    await begin(first, runs[0]);
    await begin(first, runs[1]);
    await begin(second, runs[2]);
    await ledger.close();
  }, 120_000);
  afterAll(() => store.remove());

  const run = (...argv: string[]) => runOn(store, ["incident", ...argv]);
  const listed = async (): Promise<Record<string, readonly string[]>> => {
    const { incidents } = JSON.parse((await run("list", "--json")).out) as {
      incidents: { id: string; investigations: string[] }[];
    };
    return Object.fromEntries(incidents.map((row) => [row.id, row.investigations.toSorted()]));
  };

  it("splits, merges and closes, and writes each down", async () => {
    expect(await listed()).toEqual({
      [first]: [runs[0], runs[1]].toSorted(),
      [second]: [runs[2]],
    });
    const split = await run("split", first, runs[1]);
    expect(split).toMatchObject({ code: 0, err: "" });
    const made = /belongs to (\S+) now/u.exec(split.out)?.[1] ?? "";
    expect((await listed())[made]).toEqual([runs[1]]);
    expect(await run("merge", made, second)).toMatchObject({ code: 0, err: "" });
    expect(await listed()).toEqual({
      [first]: [runs[0]],
      [second]: [runs[1], runs[2]].toSorted(),
    });
    expect(await run("close", first)).toMatchObject({ code: 0, err: "" });
    expect(Object.keys(await listed())).toEqual([second]);
    const ledger = await store.open();
    const actions = (await ledger.audit.newest()).map(({ action }) => action);
    await ledger.close();
    expect(actions.toSorted()).toEqual(["incident close", "incident merge", "incident split"]);
  });

  it.each([
    ["an unknown incident", ["close", randomUUID()], /stays as it is/u],
    ["an incident merged into itself", ["merge", "x", "x"], /stays as it is/u],
    ["nothing to split off", ["split", "x"], /no way to use incident/u],
    ["an unknown word", ["forget", "x"], /no way to use incident/u],
  ] as const)("says in one sentence why not: %s", async (_, argv, sentence) => {
    const ended = await run(...argv);
    expect(ended.code).toBe(64);
    expect(ended.err).toMatch(sentence);
  });
});
