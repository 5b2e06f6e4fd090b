import { describe, expect, it } from "vitest";
import { casesOf, fullSizes, labels, type Case } from "../../eval/cases.ts";
import { chanceOf, seedOf } from "../../eval/chance.ts";
import { fallsOf, sampleOf } from "../../eval/gate.ts";
import { chooseShape } from "../../eval/shapes.ts";
import { figuresByStratum } from "../../eval/strata.ts";
import { asItTurnedOut } from "../../eval/turned-out.ts";
import type { Weighed } from "../../eval/weigh-cases.ts";
import { shippedPlans } from "../diagnosis/scenario.ts";

const scoring = casesOf("scoring", fullSizes.scoring);
const count = (stratum: string): number => scoring.filter((one) => one.stratum === stratum).length;

describe("the cases", () => {
  it("are as many as were promised, each looked at four ways", () => {
    expect(count("double")).toBeGreaterThanOrEqual(100);
    expect(count("healthy")).toBeGreaterThanOrEqual(300);
    expect(count("novel")).toBeGreaterThanOrEqual(30);
    expect(scoring.length * 4).toBeGreaterThanOrEqual(1_000);
  });

  it("have names of their own, and the same ones each time", () => {
    expect(new Set(scoring.map(({ id }) => id)).size).toBe(scoring.length);
    expect(casesOf("scoring", fullSizes.scoring)).toEqual(scoring);
  });

  it("are sampled evenly, and never with the faults of one system alone", () => {
    const sample = sampleOf(scoring);
    expect(sample.filter(({ stratum }) => stratum === "single").length).toBe(24);
    expect(new Set(sample.map(({ id }) => id)).size).toBe(sample.length);
  });
});

describe("the labels", () => {
  it("name a mode of their one cause wherever it has several, and nowhere else", () => {
    const modes = new Map(
      shippedPlans
        .flatMap(({ hypotheses }) => hypotheses)
        .map(({ id, modes: several }) => [id, several?.map((mode) => mode.id) ?? []]),
    );
    const wrong = Object.entries(labels).filter(([, { causes, mode }]) => {
      const [only, ...others] = causes;
      const known = only === undefined || others.length > 0 ? [] : (modes.get(only) ?? []);
      return mode === undefined ? known.length > 0 : !known.includes(mode);
    });
    expect(wrong.map(([fault]) => fault)).toEqual([]);
  });
});

describe("a fault that nobody should feel yet", () => {
  const latent = (name: string) => {
    const found = scoring.find(({ id }) => id.endsWith(`/latent-${name}/1`));
    if (found === undefined) throw new Error(`no case of ${name}`);
    return found;
  };

  it.each([
    ["hub-erring", 0, "healthy", []],
    ["hub-erring", 1, "single", [["huggingface-unreachable"]]],
    ["image-deleted", 1, "healthy", []],
  ] as const)("%s with %i failed calls of customers is %s", (name, failed, stratum, truth) => {
    const then = { customers: { asked: 8, served: 8 - failed, failed }, tasks: [] };
    expect(asItTurnedOut(latent(name), then)).toMatchObject({ stratum, truth });
  });
});

describe("two faults", () => {
  const old = { current: false, status: "RUNNING", began: true, stuck: false };
  const refused = { current: true, status: "STOPPED", began: false, stuck: false };
  const crashed = { current: true, status: "STOPPED", began: true, stuck: false };

  it.each([
    ["no process began", "nat-deleted", "startup-failure", [old, refused], "masked"],
    ["one began and ended", "nat-deleted", "startup-failure", [old, crashed], "double"],
    ["nobody runs the program", "data-egress-revoked", "route-conflict", [crashed], "masked"],
    ["somebody runs it", "data-egress-revoked", "route-conflict", [old, crashed], "double"],
    ["both show elsewhere", "nat-deleted", "data-egress-revoked", [refused], "double"],
    ["no customer is served", "customer-path", "slow-answers", [old], "masked"],
    ["no thread is stuck", "customer-path", "one-task-hangs", [old], undefined],
    ["one is", "customer-path", "one-task-hangs", [{ ...old, stuck: true }], "double"],
  ] as const)("%s: %s and %s with %j are %s", (_why, first, second, tasks, stratum) => {
    const given = { ...casesOf("scoring", fullSizes.scoring)[0], stratum: "double" as const };
    const faults = [first, second];
    const then = { customers: { asked: 8, served: 0, failed: 8 }, tasks };
    expect(asItTurnedOut({ ...given, faults } as Case, then)?.stratum).toBe(stratum);
  });
});

describe("the worlds that are scored", () => {
  it("share no shape with those in which strengths are set", () => {
    const saidOf = (family: "calibration" | "scoring"): Set<string> =>
      new Set(Array.from({ length: 300 }, (_, index) => chooseShape(family, chanceOf(index)).said));
    const calibration = saidOf("calibration");
    expect(calibration.size).toBeGreaterThan(5);
    expect([...saidOf("scoring")].filter((one) => calibration.has(one))).toEqual([]);
  });

  it("follow from the name of the case", () => {
    const shape = (): string => chooseShape("scoring", chanceOf(seedOf("scoring/single/x/1"))).said;
    expect(shape()).toBe(shape());
  });
});

describe("the gate", () => {
  const row = (right: boolean): Weighed => {
    const hypotheses = [
      {
        id: right ? "redis-down" : "auth-unreachable",
        probability: 0.9,
        verdict: "likely" as const,
      },
    ];
    const said = {
      id: "case",
      truth: [["redis-down"]],
      verdict: "fault" as const,
      leading: hypotheses.map(({ id }) => id),
      hypotheses,
      probabilityHealthy: 0,
      unseenRuledOut: [],
      checks: 1,
      seconds: 1,
    };
    return {
      stratum: "single",
      mode: null,
      denied: false,
      flipped: false,
      said,
      points: said,
      firstSign: said,
      outcomes: {},
    };
  };
  const rows = (right: number, wrong: number): readonly Weighed[] => [
    ...Array.from({ length: right }, () => row(true)),
    ...Array.from({ length: wrong }, () => row(false)),
  ];
  const recorded = { single: { top1: 0.95, wrongAccusation: 0.03 } };

  it.each([
    ["as good as recorded", 23, 1, 0],
    ["worse by chance", 22, 2, 0],
    ["really worse", 12, 12, 2],
  ])("%s", (_, right, wrong, falls) => {
    expect(fallsOf(figuresByStratum(rows(right, wrong)), recorded)).toHaveLength(falls);
  });

  it("wants every stratum to have been recorded", () => {
    expect(fallsOf(figuresByStratum(rows(3, 0)), {})[0]).toContain("was never recorded");
  });

  it("lets nothing pass that was ruled out unseen", () => {
    const [one] = rows(1, 0);
    if (one === undefined) throw new Error("no row");
    const unseen = { ...one, said: { ...one.said, unseenRuledOut: ["redis-down"] } };
    expect(fallsOf(figuresByStratum([unseen]), recorded).join()).toContain("nobody looked at");
  });
});
