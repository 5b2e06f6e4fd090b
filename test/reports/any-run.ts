import * as fc from "fast-check";
import type { HypothesisVerdict, RunVerdict } from "#core/diagnosis.ts";
import type { Investigation } from "#core/investigation.ts";
import { diagnosis, faultRun, finding, hypothesis, notRun, plan, target } from "./example-run.ts";

const nasty = [
  "<!channel> & <@U123>",
  "a|b\nc",
  "\u001B[31mred",
  "",
  "+++ x",
  "``` ~~~",
  "😀".repeat(300),
  "&<>".repeat(900),
  "x".repeat(9_000),
  "# [l](http://e)",
];
export const anyText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", minLength: 200, maxLength: 2_000 }),
);
const word = fc.stringMatching(/^[a-z]{1,40}\/[a-z-]{1,60}$/u);
const verdicts: RunVerdict[] = ["fault", "healthy", "not-reproduced", "inconclusive"];
const words: HypothesisVerdict[] = [
  "confirmed",
  "likely",
  "possible",
  "unlikely",
  "ruled-out",
  "untested",
];

/** Runs of any size with any text in them: far beyond what plans hold. */
export const anyRun: fc.Arbitrary<Investigation> = fc
  .record({
    checks: fc.uniqueArray(word, { maxLength: 70 }),
    levels: fc.integer({ min: 0, max: 25 }),
    texts: fc.array(anyText, { minLength: 8, maxLength: 8 }),
    hypotheses: fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...words)),
      { maxLength: 40 },
    ),
    verdict: fc.constantFrom(...verdicts, null),
    ended: fc.boolean(),
    leading: fc.integer({ min: 0, max: 3 }),
    user: fc.constantFrom("U0ONCALL", "<!channel>", null),
  })
  .map(({ checks, levels, texts, hypotheses, verdict, ended, leading, user }) => {
    const text = (n: number): string => texts[n % texts.length] ?? "";
    const rows = hypotheses.map(([probability, word], n) =>
      hypothesis(`hypothesis-${n}`, probability, {
        verdict: word,
        claim: text(n),
        because: checks.slice(0, 5).map((check, i) => ({
          check,
          outcome: "x",
          summary: text(i + n),
          weight: i % 2 === 0 ? 1 : -1,
        })),
        maskedBy: word === "untested" ? ["hypothesis-0"] : [],
        side: n % 5 === 0 ? "caller" : "service",
      }),
    );
    const priorities = Array.from({ length: levels }, (_, n) => ({
      level: n + 1,
      title: text(n),
      minutes: 10,
      checks: checks.filter((_check, i) => i % Math.max(1, levels) === n),
    }));
    return faultRun({
      target: { ...target, name: text(1), product: text(2) },
      plan: {
        ...plan,
        id: text(3) || "p",
        priorities,
        questions: checks.slice(0, 30).map((check, n) => ({
          id: check,
          question: text(n),
          answers: [{ when: [{ check, outcome: "x" }], answer: text(n + 1) }],
        })),
        successCriteria: checks
          .slice(0, 20)
          .map((check, n) => ({ id: check, text: text(n), metBy: [{ check, outcome: "x" }] })),
      },
      asker: { door: "slack", id: user },
      endedAt: ended ? "2026-11-21T02:47:11.200Z" : null,
      findings: checks
        .filter((_, n) => n % 3 !== 0)
        .map((check, n) =>
          finding(check, (["ok", "degraded", "failing"] as const)[n % 3] ?? "ok", "x", text(n), [
            { label: text(n), seen: text(n + 1) },
          ]),
        ),
      notRun: checks
        .filter((_, n) => n % 3 === 0)
        .map((check, n) =>
          notRun(check, {
            detail: text(n),
            mend: text(n + 3),
            availability: n % 2 === 0 ? "lost" : "never",
          }),
        ),
      diagnosis:
        verdict === null
          ? null
          : diagnosis({
              verdict,
              hypotheses: rows,
              leading: rows.slice(0, leading).map(({ id }) => id),
              inconclusiveBecause: verdict === "inconclusive" ? text(5) : null,
              why: checks
                .slice(0, 9)
                .map((check, n) => ({ check, outcome: "x", summary: text(n), weight: 1 })),
              nextSteps: checks
                .slice(0, 9)
                .map((check, n) => ({ hypothesis: check, step: text(n) })),
              nextChecks: checks.slice(0, 9).map((check) => ({ check, gain: 0.1 })),
            }),
    });
  });
