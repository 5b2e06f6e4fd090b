import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckShape, WeighInput } from "#core/diagnosis.ts";
import type { Effect, Hypothesis, Mode } from "#core/plan.ts";
import { explain } from "#diagnosis/explain.ts";
import { weigh } from "#diagnosis/weigh.ts";

const shape = (...outcomes: string[]): CheckShape => ({ outcomes, noise: "probe", cost: 1 });
const checks = {
  "dns/name": shape("resolves", "gone", "elsewhere"),
  "tls/certificate": shape("valid", "wrong-name"),
  "edge/reach": shape("app", "no-name", "tls-failure"),
};

const modes: readonly Mode[] = [
  {
    id: "gone",
    claim: "a name does not resolve",
    prior: "medium",
    effects: {
      "dns/name": { strength: "expected", outcomes: ["gone"] },
      "edge/reach": { strength: "expected", outcomes: ["no-name"] },
    },
  },
  {
    id: "elsewhere",
    claim: "a name leads elsewhere",
    prior: "medium",
    effects: {
      "dns/name": { strength: "expected", outcomes: ["elsewhere"] },
      "tls/certificate": { strength: "usual", outcomes: ["wrong-name"] },
      "edge/reach": { strength: "expected", outcomes: ["tls-failure"] },
    },
  },
];
const names: Hypothesis = {
  id: "names",
  claim: "a name does not resolve, or leads elsewhere",
  prior: "low",
  effects: {},
  modes,
  confirmedBy: [
    { check: "dns/name", outcome: "gone" },
    { check: "dns/name", outcome: "elsewhere" },
  ],
  fixCost: 10,
  next: ["Look at the record"],
  side: "service",
};
const oneMode = (hypothesis: Hypothesis): Hypothesis =>
  Object.fromEntries(
    Object.entries(hypothesis).filter(([key]) => key !== "modes"),
  ) as unknown as Hypothesis;

/** The same fault said without modes: what any of them shows, as often as it does in one of the two. */
const blurred: Hypothesis = {
  ...oneMode(names),
  effects: {
    "dns/name": { strength: "expected", outcomes: ["gone", "elsewhere"] },
    "tls/certificate": { strength: "sometimes", outcomes: ["wrong-name"] },
    "edge/reach": { strength: "expected", outcomes: ["no-name", "tls-failure"] },
  },
};
const certificate: Hypothesis = {
  id: "certificate",
  claim: "a certificate is wrong",
  prior: "low",
  effects: {
    "tls/certificate": { strength: "expected", outcomes: ["wrong-name"] },
    "edge/reach": { strength: "expected", outcomes: ["tls-failure"] },
  },
  confirmedBy: [{ check: "tls/certificate", outcome: "wrong-name" }],
  fixCost: 10,
  next: ["Renew it"],
  side: "service",
};

function run(
  hypotheses: readonly Hypothesis[],
  seen: Partial<Record<keyof typeof checks, string>>,
): WeighInput {
  const checkIds = Object.keys(checks);
  return {
    plan: {
      id: "p",
      title: "P",
      symptoms: [],
      priorities: [{ level: 1, title: "All", minutes: 1, checks: checkIds }],
      hypotheses,
      other: {},
      healthyNeeds: [],
      chain: null,
      questions: [],
      successCriteria: [],
    },
    checks,
    observed: Object.entries(seen).map(([check, outcome]) => ({ check, outcome, summary: "" })),
    missing: checkIds.filter((check) => !(check in seen)),
    symptomReported: false,
  };
}

const probability = (input: WeighInput, id: string): number =>
  weigh(input).hypotheses.find((one) => one.id === id)?.probability ?? NaN;
const hypothesisOf = (input: WeighInput, id: string) =>
  weigh(input).hypotheses.find((one) => one.id === id);

describe("a fault with several modes", () => {
  it("is as likely as one without, before anything is seen", () => {
    const whole = probability(run([blurred, certificate], {}), "names");
    expect(probability(run([names, certificate], {}), "names")).toBeCloseTo(whole, 8);
  });

  it("is surer of signs that belong together than one that mixes them", () => {
    const together = { "dns/name": "elsewhere", "edge/reach": "tls-failure" } as const;
    const modal = probability(run([names, certificate], together), "names");
    expect(modal).toBeGreaterThan(probability(run([blurred, certificate], together), "names"));
    const mixed = { "dns/name": "gone", "edge/reach": "tls-failure" } as const;
    expect(probability(run([names, certificate], mixed), "certificate")).toBeGreaterThan(
      probability(run([blurred, certificate], mixed), "certificate"),
    );
  });

  it.each([
    ["narrows its claim to the mode that was seen", "gone", "a name does not resolve"],
    ["keeps its own claim while none stands out", undefined, names.claim],
  ])("%s", (_, dns, claim) => {
    const seen = dns === undefined ? {} : { "dns/name": dns };
    expect(hypothesisOf(run([names, certificate], seen), "names")?.claim).toBe(claim);
  });

  it("is ruled out only when each of its modes is", () => {
    // No name is missing; that one leads elsewhere is still open.
    const open = run([names], { "edge/reach": "app" });
    expect(hypothesisOf(open, "names")?.verdict).not.toBe("ruled-out");
    const closed = run([names], { "edge/reach": "app", "dns/name": "resolves" });
    expect(hypothesisOf(closed, "names")?.verdict).toBe("ruled-out");
  });

  it("adds its reasons up to its support, in the mode that explains most", () => {
    const seen = { "dns/name": "elsewhere", "tls/certificate": "wrong-name" } as const;
    const because = hypothesisOf(run([names], seen), "names")?.because ?? [];
    expect(because.map(({ check }) => check)).toEqual(["dns/name", "tls/certificate"]);
    expect(because.every(({ weight }) => weight > 0)).toBe(true);
  });

  it("never leads twice, once in each mode", () => {
    const both = { "dns/name": "gone", "tls/certificate": "wrong-name" } as const;
    const { leading } = weigh(run([names, certificate], both));
    expect(new Set(leading).size).toBe(leading.length);
  });

  it("is explained mode by mode", () => {
    const lines = explain(run([names, certificate], {}).plan, "names", checks)?.speaksFor ?? [];
    expect(lines.map(({ check, outcome, mode }) => `${check} = ${outcome} (${mode})`)).toEqual(
      expect.arrayContaining([
        "dns/name = gone (gone)",
        "dns/name = elsewhere (elsewhere)",
        "tls/certificate = wrong-name (elsewhere)",
      ]),
    );
  });
});

describe("properties that modes keep", () => {
  const effect: fc.Arbitrary<Effect> = fc.record({
    strength: fc.constantFrom("certain", "expected", "usual", "sometimes", "rare"),
    outcomes: fc.constant(["gone"]),
  });
  const row = fc.record({ "dns/name": effect }, { requiredKeys: [] });
  const modal = fc
    .tuple(fc.array(row, { minLength: 2, maxLength: 4 }), fc.boolean())
    .map(([rows, seen]) =>
      run(
        [
          {
            ...names,
            modes: rows.map((effects, i) => ({
              id: `m${i}`,
              claim: null,
              prior: "medium" as const,
              effects,
            })),
          },
          certificate,
        ],
        seen ? { "dns/name": "gone", "edge/reach": "tls-failure" } : {},
      ),
    );

  it("twice the same mode is the same fault", () => {
    fc.assert(
      fc.property(row, fc.boolean(), (effects, seen) => {
        const observed = seen ? ({ "dns/name": "gone" } as const) : {};
        const once = run([{ ...oneMode(names), effects }], observed);
        const copies = [0, 1].map((i) => ({
          id: `m${i}`,
          claim: null,
          prior: "medium" as const,
          effects,
        }));
        const twice = run([{ ...names, modes: copies }], observed);
        expect(probability(twice, "names")).toBeCloseTo(probability(once, "names"), 7);
      }),
    );
  });

  it("lies between what its modes would be alone", () => {
    fc.assert(
      fc.property(modal, (input) => {
        const [hypothesis] = input.plan.hypotheses;
        const alone = (hypothesis?.modes ?? []).map(({ effects }) => {
          const single = { ...oneMode(names), effects };
          return probability(
            { ...input, plan: { ...input.plan, hypotheses: [single, certificate] } },
            "names",
          );
        });
        const mixed = probability(input, "names");
        expect(mixed).toBeGreaterThanOrEqual(Math.min(...alone) - 1e-8);
        expect(mixed).toBeLessThanOrEqual(Math.max(...alone) + 1e-8);
      }),
    );
  });

  it("the order of the modes changes nothing that is said", () => {
    fc.assert(
      fc.property(modal, (input) => {
        const reversed = input.plan.hypotheses.map((one) =>
          one.modes === undefined ? one : { ...one, modes: one.modes.toReversed() },
        );
        const turned = weigh({ ...input, plan: { ...input.plan, hypotheses: reversed } });
        expect(turned.leading).toEqual(weigh(input).leading);
      }),
    );
  });
});
