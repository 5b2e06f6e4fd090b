import { describe, expect, it } from "vitest";
import { vocabulary } from "./vocabulary.ts";
import { diagnose, planFor, toInput } from "./scenario.ts";
import type { WeighInput } from "#core/diagnosis.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";

const nothingRan = Object.fromEntries(Object.keys(vocabulary).map((check) => [check, null]));

describe("the run's verdict", () => {
  it("is never healthy without the keyed prediction", () => {
    const diagnosis = diagnose({ "prediction/with-key": null, "prediction/latency": null }, null);
    expect(diagnosis.probabilityHealthy).toBeGreaterThan(0.9);
    expect(diagnosis.verdict).toBe("inconclusive");
    expect(diagnosis.inconclusiveBecause).toBe(
      "nothing is accused, but prediction/with-key did not run",
    );
  });

  it("is never healthy where the chain did not run", () => {
    const diagnosis = diagnose({ "identity/chain": null }, null);
    expect(diagnosis.verdict).toBe("inconclusive");
    expect(diagnosis.inconclusiveBecause).toBe(
      "nothing is accused, but identity/chain did not run",
    );
  });

  it("is inconclusive where the chain is broken and the leading fault rests on what AWS says", () => {
    const seen = {
      "identity/chain": "service-unlinked",
      "ecs/stopped-tasks": "application-exit",
      "logs/startup": "crash",
      "ecs/rollout": "failed",
    };
    const diagnosis = diagnose(seen, null);
    expect(diagnosis.leading).toEqual(["startup-failure"]);
    expect(diagnosis.verdict).toBe("inconclusive");
    expect(diagnosis.inconclusiveBecause).toContain("identity/chain = service-unlinked");
  });

  it.each([
    ["wrong-host", { "client/request": "other-host-405", "docs/page": "other-host" }],
    [
      "certificate-invalid",
      {
        "tls/certificates": "expired",
        "edge/reach": "tls-failure",
        "edge/addresses": "all-fail",
        "api/health": "failing",
        "prediction/with-key": "no-connection",
      },
    ],
    [
      "load-balancer-misconfigured",
      {
        "load-balancer/routing": "other-target-group",
        "load-balancer/health-check": "wrong-path-or-port",
        "prediction/with-key": "no-route-404",
      },
    ],
  ])("is a fault where %s explains the broken chain", (id, seen) => {
    const diagnosis = diagnose({ ...seen, "identity/chain": "route-elsewhere" }, null);
    expect(diagnosis.leading).toContain(id);
    expect(diagnosis.verdict).toBe("fault");
  });

  it("is inconclusive where nothing ran, and says how little that means", () => {
    const diagnosis = diagnose(nothingRan, null);
    expect(diagnosis.verdict).toBe("inconclusive");
    expect(diagnosis.inconclusiveBecause).toMatch(/^no cause reaches 60%/u);
    expect(diagnosis.hypotheses.every(({ verdict }) => verdict === "untested")).toBe(true);
    expect(diagnosis.hypotheses.every(({ maskedBy }) => maskedBy.length === 0)).toBe(true);
    expect(diagnosis.nextChecks.length).toBeGreaterThan(0);
  });

  it("counts a check or an outcome that nobody knows as not seen", () => {
    const input = toInput(planFor(null), {});
    const strange = [
      { check: "no/such-check", outcome: "bad", summary: "" },
      { check: "edge/reach", outcome: "no-such-outcome", summary: "" },
    ];
    const observed = [...input.observed.filter(({ check }) => check !== "edge/reach"), ...strange];
    const without = input.observed.filter(({ check }) => check !== "edge/reach");
    const { nextChecks: _, ...withStrange } = weigh({ ...input, observed });
    const { nextChecks: __, ...expected } = weigh({ ...input, observed: without });
    expect(withStrange).toEqual(expected);
  });
});

describe("pivotal checks", () => {
  it("hold, in the plan's order, what a healthy verdict needs", () => {
    expect(pivotal(toInput(planFor("timeout"), {}))).toEqual([
      "prediction/with-key",
      "identity/chain",
    ]);
  });

  it("hold the one reading that accuses somebody", () => {
    const input = toInput(planFor("405"), { "client/request": "other-host-405" });
    expect(weigh(input).leading).toEqual(["wrong-host"]);
    expect(pivotal(input)).toEqual(["client/request"]);
  });

  it("ask a third time for the one reading that accuses somebody, and for nothing else that was seen twice", () => {
    const twice = (of: WeighInput): WeighInput => ({
      ...of,
      observed: of.observed.map((one) => ({ ...one, again: true })),
    });
    const plan = planFor("405");
    expect(pivotal(twice(toInput(plan, { "client/request": "other-host-405" })))).toEqual([
      "client/request",
    ]);
    const agreed = { "logs/redis": "errors", "dependencies/redis": "refused" };
    const several = toInput(plan, { ...agreed, "prediction/with-key": "server-error-5xx" });
    expect(weigh(several).leading).toEqual(["redis-down"]);
    expect(pivotal(several)).not.toEqual([]);
    expect(pivotal(twice(several))).toEqual([]);
    expect(pivotal(twice(toInput(plan, {})))).toEqual([]);
  });

  it("hold a sign of a second fault, which the first one leaves unexplained", () => {
    const seen = { "client/request": "other-host-405", "dependencies/redis": "refused" };
    const input = toInput(planFor("405"), seen);
    expect(weigh(input).leading).toEqual(["wrong-host"]);
    expect(pivotal(input)).toEqual(["client/request", "dependencies/redis"]);
    const twice = input.observed.map((one) =>
      one.check === "dependencies/redis" ? { ...one, again: true as const } : one,
    );
    expect(weigh({ ...input, observed: twice }).leading).toEqual(["wrong-host", "redis-down"]);
  });

  it("are those whose removal changes what is said, and the signs of what nobody accuses", () => {
    const input = toInput(planFor("timeout"), {
      "prediction/with-key": "server-error-5xx",
      "prediction/latency": null,
      "logs/hub": "errors",
      "dependencies/hub": "unauthorised",
    });
    const said = weigh(input);
    const expected = input.observed
      .map(({ check }) => check)
      .filter((check) => {
        const rest = weigh({
          ...input,
          observed: input.observed.filter((one) => one.check !== check),
        });
        return rest.verdict !== said.verdict || rest.leading.join() !== said.leading.join();
      });
    const signs = ["logs/hub", "dependencies/hub"];
    expect(said.leading).not.toContain("huggingface-unreachable");
    expect(pivotal(input).toSorted()).toEqual([...new Set([...expected, ...signs])].toSorted());
  });
});
