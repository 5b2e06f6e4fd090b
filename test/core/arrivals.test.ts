import { describe, expect, it } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import type { Posted } from "#core/incident.ts";

const row: Posted = { key: "k", ref: "1.1", hash: "h", url: "https://x" };

function world() {
  const rows = new Map<string, Posted>();
  let now = 1_000;
  const arrivals = createArrivals(
    { posted: async (key) => rows.get(key) ?? null },
    { now: () => now },
  );
  return { arrivals, rows, at: (time: number) => void (now = time) };
}
const soon = (): AbortSignal => AbortSignal.timeout(50);

describe("arrivals", () => {
  it("finds what arrived before anybody waited", async () => {
    const { arrivals, rows } = world();
    rows.set("k", row);
    expect(await arrivals.wait("k", 0, soon())).toEqual({ state: "arrived", posted: row });
  });

  it("wakes everybody who waits", async () => {
    const { arrivals } = world();
    const waiting = Promise.all([arrivals.wait("k", 0, soon()), arrivals.wait("k", 0, soon())]);
    await Promise.resolve();
    arrivals.arrived(row);
    expect((await waiting).map(({ state }) => state)).toEqual(["arrived", "arrived"]);
  });

  it("does not take an attempt under way for an arrival", async () => {
    const { arrivals, rows } = world();
    rows.set("k", { ...row, ref: "" });
    expect(await arrivals.wait("k", 0, soon())).toEqual({ state: "pending" });
  });

  it("tells of a refusal since they asked, and not of an older one", async () => {
    const { arrivals, at } = world();
    arrivals.refused("k", "not_in_channel");
    expect(await arrivals.wait("k", 900, soon())).toEqual({
      state: "refused",
      code: "not_in_channel",
    });
    at(5_000);
    expect(await arrivals.wait("k", 4_000, soon())).toEqual({ state: "pending" });
  });
});
