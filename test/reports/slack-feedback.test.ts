import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standing, type Feedback } from "#core/feedback.ts";
import type { Plan } from "#core/plan.ts";
import {
  degradations,
  feedbackModal,
  mentionMessage,
  readSubject,
  violations,
} from "#reports/slack.ts";
import { refuseBlocks, refuseView } from "../../src/sandbox/slack/blocks/validate.ts";
import { anyRun, anyText } from "./any-run.ts";
import { diagnosis, faultRun, hypothesis, incident, plan } from "./example-run.ts";

const word = (change: Partial<Feedback> = {}): Feedback => ({
  investigation: "run-1",
  at: "2026-11-21T03:12:00.000Z",
  by: "U0DANA",
  channel: "C1",
  causes: ["auth-unreachable"],
  note: null,
  ...change,
});

const line = (...given: Feedback[]): string | undefined =>
  degradations(mentionMessage(faultRun(), { incident: "i1", given }))[2]?.text.split("\n")[2];

describe("what people said, under the verdict", () => {
  it.each([
    [[], undefined],
    [[word()], "Confirmed by @U0DANA: right (2026-11-21 03:12 UTC)"],
    [
      [word({ by: "terminal", causes: ["redis-down", "other"], note: "a\nb" })],
      'somebody at a terminal: it was Redis down and something else, "a b" (2026-11-21 03:12 UTC)',
    ],
    [
      [
        word({ by: "U1A" }),
        word({ by: "U2B", causes: [] }),
        word({ by: "U1A", causes: ["other"] }),
      ],
      "@U1A: it was something else (2026-11-21 03:12 UTC) · before that @U2B: nothing was wrong",
    ],
  ])("%#", (given, expected) => {
    expect(line(...given)).toBe(expected);
  });

  it("counts the newest of each person, who spoke last at the end", () => {
    const given = ["a", "b", "a", "c", "b"].map((by, index) => word({ by, note: `${index}` }));
    expect(standing(given).map(({ by, note }) => by + note)).toEqual(["a2", "c3", "b4"]);
  });

  it("fits into Slack whatever was run and said, and outside text is never parsed", () => {
    const anyWord = fc.record({ by: anyText, note: fc.option(anyText), causes: fc.array(anyText) });
    fc.assert(
      fc.property(anyRun, fc.array(anyWord, { maxLength: 5 }), (run, words) => {
        const given = words.map((one) => word(one));
        const message = mentionMessage(run, { incident: incident().id, given });
        expect(violations(message)).toEqual([]);
        expect(refuseBlocks(message.blocks, "message")).toBeNull();
        expect(JSON.stringify(message.blocks)).not.toContain('"mrkdwn"');
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe("the form", () => {
  const many = Array.from({ length: 130 }, (_, n) =>
    hypothesis(`hypothesis-${"x".repeat(50)}-${n}`, 0.1, { claim: "😀".repeat(80) }),
  );

  it("is one that Slack takes, with more hypotheses than a menu holds", () => {
    const run = faultRun({ diagnosis: diagnosis({ hypotheses: many }) });
    expect(refuseView({ ...feedbackModal(run, [], { incident: "i1", run: "r1" }) })).toBeNull();
    const message = mentionMessage(run, { incident: "i1", given: [] });
    expect(refuseBlocks(message.blocks, "message")).toBeNull();
    expect(violations(message)).toEqual([]);
  });

  it("offers what was listed since, and leads back to the run", () => {
    const since = { ...plan, hypotheses: [{ id: "disk-full", claim: "x" }] } as unknown as Plan;
    const subject = { incident: "i1", run: "r1", channel: "C1", thread: "1.2" };
    const form = feedbackModal(faultRun(), [since], subject);
    expect(readSubject(form.private_metadata ?? "")).toEqual(subject);
    const values = [...JSON.stringify(form).matchAll(/"value":"([^"]+)"/gu)].map(
      (found) => found[1],
    );
    expect(values).toEqual([
      "auth-unreachable",
      "slow-cold-load",
      "redis-down",
      "disk-full",
      "nothing",
      "other",
    ]);
  });
});
