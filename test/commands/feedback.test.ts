import { describe, expect, it } from "vitest";
import { giveFeedback } from "#commands/feedback.ts";
import type { Feedback } from "#core/feedback.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import { createRedactor } from "#core/redact.ts";
import { diagnosis, faultRun, plan, runningRun } from "../reports/example-run.ts";

const listedSince = {
  ...plan,
  hypotheses: [{ id: "disk-full", claim: "A disk is full" }],
} as unknown as Plan;

async function give(run: Investigation, words: readonly string[], note: string | null = null) {
  const kept: Feedback[] = [];
  await giveFeedback(run, words, note, {
    ledger: { giveFeedback: async (feedback) => void kept.push(feedback) },
    clock: { now: () => Date.parse("2026-11-21T03:12:00Z") },
    redactor: createRedactor(["our-own-secret"]),
    plans: [listedSince],
    by: "U1",
    channel: "C1",
  });
  return kept;
}

const healthy = faultRun({ diagnosis: diagnosis({ verdict: "healthy", leading: [] }) });
const inconclusive = faultRun({ diagnosis: diagnosis({ verdict: "inconclusive" }) });

describe("what it was", () => {
  it.each([
    ["the verdict, which names a cause", faultRun(), ["right"], ["auth-unreachable"]],
    ["the verdict, which says healthy", healthy, ["right"], []],
    ["nothing", faultRun(), ["nothing"], []],
    ["what nobody listed", faultRun(), ["other"], ["other"]],
    ["one that was looked at", inconclusive, ["redis-down"], ["redis-down"]],
    ["one that was listed since", faultRun(), ["disk-full"], ["disk-full"]],
    [
      "several, however they were ordered, and one twice",
      faultRun(),
      ["other", "redis-down", "auth-unreachable", "other"],
      ["auth-unreachable", "redis-down", "other"],
    ],
  ])("%s", async (_, run, words, causes) => {
    expect(await give(run, words)).toEqual([
      {
        investigation: run.id,
        at: "2026-11-21T03:12:00.000Z",
        by: "U1",
        channel: "C1",
        causes,
        note: null,
      },
    ]);
  });

  it.each([
    ["no word", faultRun(), [], /Say what it was/u],
    ["an unknown one", faultRun(), ["reddis-down"], /did you mean redis-down/u],
    ["nothing and something", faultRun(), ["nothing", "redis-down"], /"nothing" stands alone/u],
    ["right and something", faultRun(), ["redis-down", "right"], /"right" stands alone/u],
    ["right of no claim", inconclusive, ["right"], /names no cause/u],
    ["a run that goes on", runningRun(), ["nothing"], /still going on/u],
    ["a run that failed", faultRun({ diagnosis: null }), ["nothing"], /without a verdict/u],
  ])("refuses %s", async (_, run, words, sentence) => {
    await expect(give(run, words)).rejects.toThrow(sentence);
  });

  it.each([
    ["  ", null],
    [" it was the cache ", "it was the cache"],
    ["key hk_live_abcdef", "key [api key removed]"],
    ["our-own-secret of dana@example.com", "[secret removed] of [email removed]"],
    ["x".repeat(900), "x".repeat(500)],
  ])("keeps of the note %j", async (note, kept) => {
    expect((await give(faultRun(), ["right"], note))[0]?.note).toBe(kept);
  });
});
