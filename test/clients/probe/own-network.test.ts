import { describe, expect, it } from "vitest";
import type { HttpOutcome } from "#core/ports/probe.ts";
import { createOwnNetworkGuard } from "#clients/probe/own-network.ts";

const signal = new AbortController().signal;

describe("a name that fails", () => {
  it.each<
    [
      what: string,
      resolver: string | null,
      topLevelResolves: boolean,
      outcome: HttpOutcome,
      blames: RegExp | null,
    ]
  >([
    ["is the target's matter where others resolve", null, true, "no-such-name", null],
    [
      "is our own network's where nothing resolves",
      null,
      false,
      "no-such-name",
      /no name resolves from this network/u,
    ],
    [
      "is our own network's where name servers are silent",
      null,
      false,
      "name-server-timeout",
      /no name resolves/u,
    ],
    ["counts where the operator named the resolver", "127.0.0.1:53", false, "no-such-name", null],
    [
      "is the resolver's where nobody listens there",
      "127.0.0.1:53",
      true,
      "name-server-unreachable",
      /configured resolver 127\.0\.0\.1:53/u,
    ],
    ["is not asked about when the name resolved", null, false, "connection-refused", null],
  ])("%s", async (_, resolver, topLevelResolves, outcome, blames) => {
    const guard = createOwnNetworkGuard(resolver, () => Promise.resolve(topLevelResolves));
    const judged = guard(outcome, "api.example.com", signal);
    if (blames === null) await expect(judged).resolves.toBeUndefined();
    else await expect(judged).rejects.toThrow(blames);
  });

  it("asks for the name that always exists once for many failures", async () => {
    let asked = 0;
    const guard = createOwnNetworkGuard(null, () => {
      asked += 1;
      return Promise.resolve(true);
    });
    await Promise.all(["a", "b", "c"].map((host) => guard("no-such-name", host, signal)));
    expect(asked).toBe(1);
  });
});
