/** The keys of plans/*.yaml. An unknown key anywhere is a problem; docs/plans.md explains them all. */
import { z } from "zod";
import type { RunVerdict } from "#core/diagnosis.ts";
import type { Effect, PriorWord, Sign, Strength, SymptomWord } from "#core/plan.ts";

const strengthWords = [
  "certain",
  "expected",
  "usual",
  "sometimes",
  "rare",
] as const satisfies Strength[];
const priorWords = ["high", "medium", "low"] as const satisfies PriorWord[];
const symptomWords = [
  "timeout",
  "405",
  "401",
  "403",
  "404",
  "422",
  "429",
  "5xx",
  "connection",
  "other",
] as const satisfies SymptomWord[];
const verdictWords = [
  "fault",
  "healthy",
  "not-reproduced",
  "inconclusive",
] as const satisfies RunVerdict[];

/** Replaces every message of `schema` by what was wanted; validate.ts says what was written instead. */
const wanted = <Schema extends z.ZodType>(what: string, schema: Schema) =>
  z.unknown().transform((value, context): z.output<Schema> => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    context.addIssue({ code: "custom", message: what });
    return z.NEVER;
  });

const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(" ") : "a map"),
  });
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, { error: "a list" });
const mapOf = <Value extends z.ZodType>(key: z.ZodType<string, string>, value: Value) =>
  z.record(key, value, { error: "a map" });

const words = (list: readonly string[]): string => list.map((word) => `"${word}"`).join(", ");
const trimmed = z.string().trim().min(1).max(1_000);
const text = wanted("some text", trimmed);
const idPattern = /^[a-z0-9][a-z0-9-]{0,63}$/u;
const id = wanted("an id: small letters, digits and -", z.string().regex(idPattern));
const checkPattern = /^[a-z0-9-]+\/[a-z0-9-]+$/u;
const checkKey = z.string().regex(checkPattern, { error: 'a check such as "edge/reach"' });
const check = wanted('a check such as "edge/reach"', z.string().regex(checkPattern));
const outcomeName = z.union([z.string().regex(idPattern), z.int().transform(String)]);
const outcome = wanted("the name of an outcome", outcomeName);
const outcomeKey = z.string().regex(idPattern, { error: "the name of an outcome" });
const prior = wanted(`one of ${words(priorWords)}`, z.enum(priorWords));
const minutes = wanted("minutes, more than 0", z.number().positive().max(10_000));
const share = wanted("a share from 0 to 1", z.number().min(0).max(1));

/** "check = outcome"; the outcome may be "*". */
const sign = wanted(
  '"check = outcome", such as "edge/reach = timeout"',
  z
    .string()
    .regex(/^\s*[a-z0-9-]+\/[a-z0-9-]+\s*=\s*(?:[a-z0-9][a-z0-9-]*|\*)\s*$/u)
    .transform((written): Sign => {
      const [left = "", right = ""] = written.split("=");
      return { check: left.trim(), outcome: right.trim() };
    }),
);
const signs = listOf(sign).min(1, { error: "at least one check with its outcome" });

/** One strength with its outcomes: {usual: [gateway-503]}. */
const effect = wanted(
  `one strength with its outcomes, such as {usual: [timeout]}; the strengths are ${strengthWords.join(", ")}`,
  z
    .record(z.string(), z.array(outcomeName).min(1))
    .refine((value) => Object.keys(value).length === 1)
    .transform((value, context): Effect => {
      const [strength = "", outcomes = []] = Object.entries(value)[0] ?? [];
      const known = strengthWords.find((word) => word === strength);
      if (known !== undefined) return { strength: known, outcomes: [...new Set(outcomes)] };
      context.addIssue({ code: "custom", message: "no such strength" });
      return z.NEVER;
    }),
);
const effects = mapOf(checkKey, effect);

const hypothesisKeys = {
  claim: text,
  side: wanted('"service" or "caller"', z.enum(["service", "caller"])),
  /** Names of patterns whose effects this hypothesis has too; its own `expect` wins. */
  shows: listOf(id),
  expect: effects,
  "confirmed-by": signs,
  "fix-cost": minutes,
  next: listOf(text).min(1, { error: "at least one step" }),
};

/** Adds to what the hypothesis shows in all its modes; its own `expect` wins. */
const mode = section({
  prior: prior.default("medium"),
  claim: text.nullable().default(null),
  shows: listOf(id).default([]),
  expect: effects.default({}),
});
const modes = mapOf(z.string().regex(idPattern, { error: "the name of a mode" }), mode).refine(
  (value) => Object.keys(value).length !== 1,
  { error: "at least two modes; one is the hypothesis itself" },
);

const libraryHypothesis = section({
  id,
  ...hypothesisKeys,
  prior: prior.default("low"),
  side: hypothesisKeys.side.default("service"),
  shows: hypothesisKeys.shows.default([]),
  expect: hypothesisKeys.expect.default({}),
  modes: modes.default({}),
});

const chain = section({ check, proven: outcome, "explained-by": listOf(id).default([]) });
const echoes = listOf(
  section({
    of: check,
    unless: listOf(outcome).min(1, { error: "at least one outcome" }),
    signs,
  }),
);
const other = mapOf(checkKey, mapOf(outcomeKey, share));

export const librarySchema = section({
  patterns: mapOf(z.string().regex(idPattern, { error: "the name of a pattern" }), effects).default(
    {},
  ),
  hypotheses: listOf(libraryHypothesis),
  other: other.default({}),
  echoes: echoes.default([]),
  "healthy-needs": listOf(sign).default([]),
  chain: chain.nullable().default(null),
});

const planHypothesis = section({
  id,
  prior,
  claim: hypothesisKeys.claim.optional(),
  side: hypothesisKeys.side.optional(),
  shows: hypothesisKeys.shows.optional(),
  expect: hypothesisKeys.expect.optional(),
  "confirmed-by": hypothesisKeys["confirmed-by"].optional(),
  "fix-cost": hypothesisKeys["fix-cost"].optional(),
  next: hypothesisKeys.next.optional(),
  /** For a hypothesis of this plan only: the one just upstream of it. Absent: last. */
  after: id.optional(),
});

const answer = section({
  when: z.preprocess((value) => (typeof value === "string" ? [value] : value), signs),
  answer: text,
});

export const planSchema = section({
  id,
  title: text,
  symptoms: listOf(
    wanted(
      `one of ${words(symptomWords)}`,
      z.preprocess(
        (value) => (typeof value === "number" ? String(value) : value),
        z.enum(symptomWords),
      ),
    ),
  ),
  priorities: listOf(
    section({
      level: wanted("a whole number from 1 to 9", z.int().min(1).max(9)),
      title: text,
      minutes,
      checks: listOf(check).min(1, { error: "at least one check" }),
    }),
  ).min(1, { error: "at least one priority" }),
  hypotheses: listOf(planHypothesis).min(1, { error: "at least one hypothesis" }),
  other: other.optional(),
  echoes: echoes.optional(),
  "healthy-needs": listOf(sign).optional(),
  chain: chain.nullable().optional(),
  questions: listOf(section({ id, question: text, answers: listOf(answer) })).default([]),
  "success-criteria": listOf(
    section({
      id,
      text,
      "met-by": signs,
      verdicts: listOf(wanted(`one of ${words(verdictWords)}`, z.enum(verdictWords))).optional(),
    }),
  ).default([]),
});

export type LibraryFile = z.output<typeof librarySchema>;
export type PlanFile = z.output<typeof planSchema>;
