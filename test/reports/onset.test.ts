import { describe, expect, it } from "vitest";
import type { Change, ErrorSource, Finding } from "#core/finding.ts";
import type { Investigation } from "#core/investigation.ts";
import { toDocument } from "#reports/json.ts";
import { detailMessages } from "#reports/slack.ts";
import { terminalReport } from "#reports/terminal.ts";
import { toWords } from "#reports/words.ts";
import { diagnosis, faultRun, finding, hypothesis } from "./example-run.ts";

const iso = (minute: number): string =>
  new Date(Date.parse("2026-11-21T00:00:00Z") + minute * 60_000).toISOString();
/** Errors begin at 02:31, two and a half hours into the history; the run is of 02:47. */
const course = {
  from: iso(0),
  counts: Array.from({ length: 167 }, (_, i) => (i < 151 ? 0 : i % 2 === 0 ? 9 : 7)),
  onset: { low: iso(150), at: iso(151), high: iso(152) },
};
const onset: Finding = {
  ...finding("logs/onset", "degraded", "onset", "errors began 02:31 UTC ±1 min"),
  course,
};
const deployed = (minute: number, more: Partial<Change> = {}): Change => ({
  at: iso(minute),
  by: "deploy-bot",
  what: "api:42 was deployed",
  difference: "image: api:5e3a917 -> api:9d41c2e",
  linked: true,
  likelihoodRatio: 140.123456,
  ...more,
});
const changed = (...changes: readonly Change[]): Finding => ({
  ...finding("changes/recent", "degraded", "changed", "a change", []),
  changes,
});
const run = (...findings: readonly Finding[]): Investigation => faultRun({ findings });

describe("since when", () => {
  it.each([
    ["4 min after api:42 was deployed", deployed(147)],
    ["when api:42 was deployed", deployed(150)],
    ["3 min before api:42 was deployed", deployed(154)],
    [
      "2 min after RevokeSecurityGroupEgress sg-0a1b",
      deployed(149, { what: "RevokeSecurityGroupEgress sg-0a1b (tcp 443 0.0.0.0/0)" }),
    ],
  ])("in one line with what was changed then: %s", (words, change) => {
    expect(toWords(run(onset, changed(change))).place).toContain(
      `errors began 02:31 UTC ±1 min, ${words}`,
    );
  });

  it("in one line without a change that is linked", () => {
    const far = deployed(20, { linked: false, likelihoodRatio: null });
    expect(toWords(run(onset, changed(far))).place).toContain("errors began 02:31 UTC ±1 min");
  });
});

describe("one onset for a run", () => {
  const stepped = (source: ErrorSource, minute: number, strength: number): Finding => {
    const check = source === "log" ? "logs/onset" : "load-balancer/onset";
    const times = { low: iso(minute - 1), at: iso(minute), high: iso(minute + 1) };
    return {
      ...finding(check, "degraded", "onset", `${source} errors began`),
      course: { ...course, source, onset: { ...times, strength } },
    };
  };
  const none = (check: string): Finding => ({
    ...finding(check, "ok", "none", "no step"),
    course: { ...course, onset: null },
  });
  it.each([
    ["the only one", [none("logs/onset"), stepped("load-balancer", 151, 40)], "load-balancer"],
    ["the log alone", [stepped("log", 151, 40)], "log"],
    ["the stronger one", [stepped("log", 151, 40), stepped("targets", 151, 90)], "targets"],
    [
      "what began shortly before the stronger",
      [stepped("log", 140, 40), stepped("targets", 151, 90)],
      "log",
    ],
    [
      "not what began hours before",
      [stepped("log", 20, 40), stepped("targets", 151, 90)],
      "targets",
    ],
  ] as const)("%s", (_why, findings, source) => {
    const seen = run(...findings);
    expect(toWords(seen).place).toContain(`${source} errors began`);
    expect(toDocument(seen).errors?.source).toBe(source);
  });
});

describe("what is wrong begins with the change that is linked", () => {
  it("who, what, when, before and after; the headline stays the cause", () => {
    const words = toWords(run(onset, changed(deployed(147))));
    expect(words.wrong).toEqual([
      "Most likely since a change: 02:27 UTC, api:42 was deployed by deploy-bot; image: api:5e3a917 -> api:9d41c2e.",
      "The API cannot reach its auth service.",
    ]);
    expect(words.headline).toContain("auth unreachable (confirmed, 97%)");
  });

  it.each([
    ["one that is not linked stands last", deployed(20, { linked: false }), diagnosis()],
    [
      "what the caller does wrong did not begin with it",
      deployed(147),
      diagnosis({
        leading: ["wrong-host"],
        hypotheses: [hypothesis("wrong-host", 0.9, { side: "caller", claim: "Wrong host" })],
      }),
    ],
  ])("%s", (_why, change, of) => {
    const { wrong } = toWords({ ...run(onset, changed(change)), diagnosis: of });
    expect(wrong[0]).not.toContain("change");
    expect(wrong.at(-1)).toBe("What changed lately: a change.");
  });
});

describe("errors over time", () => {
  const chart =
    "01:43 ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁│▁▁████████ 02:47 UTC, errors a minute, at most 9; │ the change";

  it("one line of blocks, with its ends as times, in terminal and thread", () => {
    const seen = run(onset, changed(deployed(147)));
    expect(toWords(seen).chart).toBe(chart);
    expect(terminalReport(seen, { colour: false, width: null })).toContain(`  ${chart}\n`);
    expect(JSON.stringify(detailMessages(seen))).toContain(chart);
  });

  it("without a mark where no change is linked, and not at all without an onset", () => {
    expect(toWords(run(onset)).chart).not.toContain("│");
    const steady = { ...onset, outcome: "none", course: { ...course, onset: null } };
    expect(toWords(run(steady)).chart).toBeNull();
    expect(toWords(run()).chart).toBeNull();
  });

  it("as numbers in the document, with the changes", () => {
    const { errors, changes } = toDocument(run(onset, changed(deployed(147))));
    expect(errors).toEqual(course);
    expect(changes).toEqual([{ ...deployed(147), likelihoodRatio: 140.1235 }]);
    expect(toDocument(run())).toMatchObject({ errors: null, changes: [] });
  });
});

describe("what was asked for", () => {
  const reported = { symptom: null, url: null, method: "POST", at: null, requestId: null };
  const fix = finding("changes/fix-deployed", "degraded", "mixed", "1 of 2 tasks run 9d41c2e");

  it("answers --fix beside the verdict, and is silent where nobody asked", () => {
    const asked = { ...run(fix), reported: { ...reported, fix: "9d41c2e" } };
    expect(toWords(asked).place).toContain("1 of 2 tasks run 9d41c2e");
    expect(toWords(run(fix)).place).not.toContain("1 of 2 tasks run 9d41c2e");
  });

  it("says what the log held when the customer tried, where the fault is over", () => {
    const attempt = finding(
      "logs/attempt",
      "degraded",
      "auth-errors",
      "3 lines between 13:58 and 14:08 UTC",
    );
    const over = {
      ...run(attempt),
      reported: { ...reported, symptom: "timeout" as const },
      diagnosis: diagnosis({ verdict: "not-reproduced", leading: [] }),
    };
    expect(toWords(over).headline).toBe(
      "Model 21: not reproduced. The reported time-out did not show in 1 of 5 checks. When the customer tried, the API logged 3 lines between 13:58 and 14:08 UTC.",
    );
    expect(toWords(run(attempt)).wrong).toContain(
      "When the customer tried: 3 lines between 13:58 and 14:08 UTC.",
    );
  });
});
