import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Investigation } from "#core/investigation.ts";
import type { EarlierIncident, EarlierIncidents } from "#core/ports/earlier.ts";
import { customerStatus } from "#reports/customers.ts";
import { toDocument } from "#reports/json.ts";
import { ticketComment, toTicketText } from "#reports/linear.ts";
import { degradations, detailMessages, mentionMessage, violations } from "#reports/slack.ts";
import { terminalReport } from "#reports/terminal.ts";
import { anyText } from "./any-run.ts";
import { diagnosis, faultRun, finding, incident, runningRun } from "./example-run.ts";

const check = "history/earlier-incidents";
const cause = (id: string) => ({ id, claim: `Claim of ${id}` });
const ticket = { id: "HOK-123", url: "https://linear.app/hokusai/issue/HOK-123/model-21" };
const thread = "https://hokusai.slack.com/archives/C0INCIDENTS/p1762783200000100";

const past = (change: Partial<EarlierIncident> = {}): EarlierIncident => ({
  id: "5d0f9f6a-0000-4000-8000-00000000000e",
  model: "21",
  beganAt: "2026-11-10T14:00:00.000Z",
  ended: { how: "closed", at: "2026-11-10T14:41:00.000Z" },
  named: [cause("auth-unreachable")],
  said: null,
  note: null,
  ticket: null,
  thread: null,
  ...change,
});

const remembered = (
  own: readonly EarlierIncident[],
  service: readonly EarlierIncident[] = [],
): EarlierIncidents => ({
  own: { count: own.length, newest: own },
  service: { count: service.length, newest: service },
});
const withPast = (incidents: EarlierIncidents, change: Partial<Investigation> = {}) =>
  faultRun({
    findings: [
      ...faultRun().findings,
      { ...finding(check, "ok", "seen-before", "internal words of the past"), incidents },
    ],
    ...change,
  });

const style = { colour: false, width: null };
const lineOf = (run: Investigation): string | undefined =>
  terminalReport(run, style)
    .split("\n")
    .find((line) => line.startsWith("Seen before: "));

describe("one line says", () => {
  const confirmed = past({
    said: [cause("auth-unreachable")],
    ticket,
    thread,
    note: "rolled back sg",
  });
  const other = past({ said: [cause("redis-down")] });
  it.each([
    [
      "that it is the same cause, who said so, and where to look",
      remembered([confirmed]),
      'Seen before: the same cause, auth unreachable, as on 2026-11-10 (people said so); closed after 41 minutes. They wrote: "rolled back sg". See what helped then: HOK-123 https://linear.app/hokusai/issue/HOK-123/model-21, its thread https://hokusai.slack.com/archives/C0INCIDENTS/p1762783200000100',
    ],
    [
      "that only a verdict says so",
      remembered([past()]),
      "Seen before: the same cause, auth unreachable, as on 2026-11-10 (by the verdict of then); closed after 41 minutes",
    ],
    [
      "when it was the same cause, though the last time it was another",
      remembered([
        other,
        past({ beganAt: "2026-11-02T14:00:00.000Z" }),
        past({ beganAt: "2026-10-02T14:00:00.000Z" }),
      ]),
      "Seen before: the same cause, auth unreachable, as on 2026-11-02 and 2026-10-02 (by the verdict of then); closed after 8 days",
    ],
    [
      "the time of one that was today",
      remembered([
        past({
          beganAt: "2026-11-21T01:10:00.000Z",
          ended: { how: "quiet", at: "2026-11-21T01:12:00.000Z" },
        }),
      ]),
      "Seen before: the same cause, auth unreachable, as on 2026-11-21 01:10 UTC (by the verdict of then); last looked at after 2 minutes",
    ],
    [
      "that people had said otherwise of the same verdict",
      remembered([other]),
      "Seen before: 11 days ago, with another cause: Redis down (people said so), closed after 41 minutes",
    ],
    [
      "how often, where the cause is another one now",
      { own: { count: 7, newest: [other] }, service: { count: 0, newest: [] } },
      "Seen before: 7 times in 90 days, the last 11 days ago, with another cause: Redis down (people said so), closed after 41 minutes",
    ],
    [
      "that it was another model on the same service",
      remembered([], [past({ model: "22" })]),
      "Seen before: the same cause, auth unreachable, as on 2026-11-10 with model 22 (by the verdict of then); closed after 41 minutes",
    ],
    [
      "of another model that it was another cause",
      remembered([], [past({ model: "22", said: [cause("redis-down")] })]),
      "Seen before: not this model, but model 22 on this service, 11 days ago, with another cause: Redis down (people said so), closed after 41 minutes",
    ],
  ])("%s", (_name, incidents, expected) => {
    expect(lineOf(withPast(incidents))).toBe(expected);
  });

  it("nothing of a fault that nobody listed being the same as another one", () => {
    const unlisted = diagnosis({ leading: ["other"] });
    const run = withPast(remembered([past({ said: [{ id: "other", claim: null }] })]), {
      diagnosis: unlisted,
    });
    expect(lineOf(run)).toBe(
      "Seen before: 11 days ago, with another cause: something else (people said so), closed after 41 minutes",
    );
  });

  it.each([
    ["there was none", withPast(remembered([]))],
    ["no record is kept", faultRun()],
    [
      "nothing is wrong",
      withPast(remembered([past()]), { diagnosis: diagnosis({ verdict: "healthy", leading: [] }) }),
    ],
    ["there is no verdict yet", withPast(remembered([past()]), { diagnosis: null })],
  ])("nothing where %s", (_name, run) => {
    expect(lineOf(run)).toBeUndefined();
    expect(toDocument(run).seenBefore).toBeNull();
    const texts = [mentionMessage(run, { incident: "i1", given: [] }), ticketComment(run, context)];
    expect(JSON.stringify(texts)).not.toMatch(/seen before/iu);
  });
});

const context = { incident: incident(), earlier: [], thread: null };

describe("each outlet", () => {
  const run = withPast(
    remembered([
      past({ said: [cause("auth-unreachable")], ticket, thread, note: "secret to this channel" }),
    ]),
  );

  it("Slack shows it below the verdict, with links and people's words", () => {
    const message = mentionMessage(run, { incident: "i1", given: [] });
    expect(message.blocks[0]).toMatchObject({
      elements: [
        {},
        {},
        {
          type: "rich_text_section",
          elements: [
            { text: "Seen before:", style: { bold: true } },
            { text: " " },
            {
              text: "the same cause, auth unreachable, as on 2026-11-10 (people said so); closed after 41 minutes",
            },
            { text: ". They wrote: " },
            { text: '"secret to this channel"' },
            { text: ". See what helped then: " },
            { type: "link", text: "HOK-123", url: ticket.url },
            { text: ", " },
            { type: "link", text: "its thread", url: thread },
          ],
        },
      ],
    });
    expect(degradations(message)[2]?.text).toContain(`HOK-123 ${ticket.url}, its thread ${thread}`);
  });

  it("the ticket shows it in its description and its comment, without people's words", () => {
    const line = `**Seen before.** The same cause, auth unreachable, as on 2026-11-10 (people said so); closed after 41 minutes. See what helped then: [HOK-123](${ticket.url}), [its thread](${thread})`;
    expect(toTicketText(run).description.split("\n\n")).toContain(line);
    expect(ticketComment(run, context).split("\n\n")).toContain(line);
    expect(toTicketText(run).description + ticketComment(run, context)).not.toContain(
      "secret to this channel",
    );
  });

  it("a ticket that is used again has no link to itself", () => {
    const again = ticketComment(run, { ...context, incident: incident({ ticket: "HOK-123" }) });
    expect(again).toContain(`See what helped then: [its thread](${thread})`);
    expect(again).not.toContain(ticket.url);
  });

  it("JSON has the line and all that it is taken from", () => {
    const { seenBefore, earlierIncidents } = toDocument(run);
    expect(seenBefore).toEqual({
      text: "the same cause, auth unreachable, as on 2026-11-10 (people said so); closed after 41 minutes",
      note: "secret to this channel",
      links: [
        { label: "HOK-123", url: ticket.url },
        { label: "its thread", url: thread },
      ],
    });
    expect(earlierIncidents?.own.count).toBe(1);
    expect(toDocument(faultRun()).earlierIncidents).toBeNull();
  });

  it.each([
    ["a fault", {}],
    ["no fault", { diagnosis: diagnosis({ verdict: "healthy", leading: [] }) }],
    [
      "a report that does not show",
      { diagnosis: diagnosis({ verdict: "not-reproduced", leading: [] }) },
    ],
    ["no way to tell", { diagnosis: diagnosis({ verdict: "inconclusive", leading: [] }) }],
    ["no result yet", { diagnosis: null, endedAt: null }],
  ] as const)("customers hear the same of %s as if nothing had been before", (_name, change) => {
    const now = Date.parse("2026-11-21T02:59:11.200Z");
    const without = faultRun(change);
    const told = { ...without, findings: [...without.findings, ...run.findings.slice(-1)] };
    const [with_, before] = [told, without].map((one) =>
      customerStatus(one, { now, ticket: null }),
    );
    // How many checks there are is the plan's, not the past's.
    expect(with_?.replace("5 of 5", "4 of 5")).toBe(before);
    expect(with_).not.toMatch(/seen before|2026-11-10|HOK-123|linear|slack|secret/iu);
  });
});

describe("whatever the record holds", () => {
  const anyIncident = fc
    .record({ text: anyText, url: fc.oneof(anyText, fc.constant(ticket.url)) })
    .map(({ text, url }) =>
      past({
        model: text,
        said: Array.from({ length: 4 }, () => ({ id: text, claim: text })),
        note: text,
        ticket: { id: text, url },
        thread: url,
      }),
    );
  const anyPast = fc
    .tuple(anyIncident, fc.boolean())
    .map(([one, own]) => (own ? remembered([one, one]) : remembered([], [one])));

  it("Slack accepts the message in every form, and parses none of it", () => {
    fc.assert(
      fc.property(anyPast, (incidents) => {
        const run = withPast(incidents);
        const messages = [
          mentionMessage(run, { incident: "i1", given: [] }),
          ...detailMessages(run),
        ];
        for (const form of messages.flatMap(degradations)) {
          expect(violations(form)).toEqual([]);
          expect(form.text.replace(/^<@U0ONCALL> /u, "")).not.toMatch(/[<>]/u);
        }
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it("an address is only followed where it is one", () => {
    const bad = 'javascript:alert("x")';
    const run = withPast(remembered([past({ ticket: { id: "HOK-9", url: bad }, thread: bad })]));
    expect(lineOf(run)).toMatch(/See what helped then: HOK-9$/u);
    expect(ticketComment(run, context)).not.toContain("javascript");
  });
});

it("does not wait for the end of a run", () => {
  const early = runningRun({
    diagnosis: diagnosis(),
    depth: "fast",
    findings: withPast(remembered([past()])).findings,
  });
  expect(toDocument(early).seenBefore?.text).toContain("the same cause");
});
