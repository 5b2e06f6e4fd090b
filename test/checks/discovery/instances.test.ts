import { describe, expect, it } from "vitest";
import { instances } from "#checks/discovery/instances.ts";
import { judged, task } from "../samples.ts";

const instance = (address: string, health = "HEALTHY") => ({
  id: address,
  address,
  port: 8001,
  health,
});

describe("discovery/instances", () => {
  it.each([
    ["match", [instance("10.0.1.10")], [task()]],
    ["stale", [instance("10.0.1.10"), instance("10.0.9.9")], [task()]],
    ["stale", [instance("10.0.1.10")], [task(), task({ id: "b", addresses: ["10.0.2.10"] })]],
    ["stale", [instance("10.0.1.10")], []],
    ["none", [], [task()]],
    ["none", null, [task()]],
    ["not run", [], []],
  ])("%s", (outcome, listed, tasks) => {
    expect(judged(instances, { instances: listed, tasks })).toBe(outcome);
  });
});
