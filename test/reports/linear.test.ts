import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMarkdown, ticketComment, toTicketText } from "#reports/linear.ts";
import { anyRun } from "./any-run.ts";
import { faultRun, incident } from "./example-run.ts";

const context = { incident: incident(), earlier: [], thread: "https://x.slack.com/archives/C1/p1" };

describe("ticket", () => {
  it("is opened with the headline, and a description that then belongs to people", () => {
    expect(toTicketText(faultRun())).toEqual({
      title:
        "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
      description: [
        "**Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.**",
        "production · account 123456789012 · us-east-1",
        "4 of 5 checks ran. Lost today: 1 (1 denied).",
        "Opened by Hokusai for model 21, 2026-11-21 02:47 UTC. The first comment is kept current with status, hypotheses and findings; this description is yours.",
      ].join("\n\n"),
      priority: 1,
    });
  });

  it("has one comment with status, hypotheses, criteria and collapsed findings", () => {
    const body = ticketComment(faultRun(), context);
    expect(body.slice(0, body.indexOf("+++ Could not check")))
      .toBe(`**Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.**

Sev 1 · production · account 123456789012 · us-east-1 · [Slack thread](https://x.slack.com/archives/C1/p1) · updated 2026-11-21 02:47 UTC

The API cannot reach its auth service.

What customers get: 503 after 10.0 s.

**Coverage.** 4 of 5 checks ran. Lost today: 1 (1 denied).

| Hypothesis | Likelihood | Verdict | Because |
| --- | --- | --- | --- |
| Auth unreachable (auth-unreachable) | 97% | confirmed | \\+ dependencies/auth: connect timeout after 3.0 s; + prediction/with-key: 503 after 10.0 s |
| Slow cold load (slow-cold-load) | 2% | untested, masked by auth unreachable | no check spoke for or against it |
| Redis down (redis-down) | \\<1% | ruled out | \\- dependencies/redis: PING 0.8 ms |

**Why we say so**
1. dependencies/auth: connect timeout after 3.0 s
2. prediction/with-key: 503 after 10.0 s

**Next**
1. Restore egress 443 on the task's security group.
2. Then check again: /hokusai check model 21

**Success criteria: 1 of 3 met**
- [x] The service runs
- [ ] A keyed prediction is answered
- [ ] The rollout is steady (not tested)

`);
    expect(body.match(/^\+\+\+ .+$/gmu)).toEqual([
      "+++ Could not check",
      "+++ Priority 1, is the service running: 1 of 2 checked, 0 not as it should be",
      "+++ Priority 2, can it be reached: 3 of 3 checked, 2 not as it should be",
      "+++ Key questions (1 of 2 answered)",
      "+++ Timeline",
    ]);
  });

  it("is well formed whatever the text: sections close, rows keep four cells", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const body = ticketComment(run, context);
        expect(body.length).toBeLessThanOrEqual(60_000);
        expect(body.match(/^\+\+\+ /gmu) ?? []).toHaveLength(
          (body.match(/^\+\+\+$/gmu) ?? []).length,
        );
        for (const row of body.match(/^\| .*$/gmu) ?? []) {
          expect(row.replaceAll(/\\./gu, "").split("|")).toHaveLength(6);
        }
      }),
      { endOnFailure: true },
    );
  });
});

describe("outside text as Markdown", () => {
  it.each([
    ["a|b\nc", "a\\|b c"],
    ["+++ forged", "\\+++ forged"],
    ["# [l](http://e) <b> `x` *y* ~z~", "\\# \\[l\\](http://e) \\<b\\> \\`x\\` \\*y\\* \\~z\\~"],
    ["HUGGINGFACE_API_KEY is missing", "HUGGINGFACE_API_KEY is missing"],
    ["_emphasis_ 1. no list", "\\_emphasis\\_ 1. no list"],
    ["1. no list", "1\\. no list"],
  ])("%j becomes %j", (input, output) => {
    expect(escapeMarkdown(input)).toBe(output);
  });
});
