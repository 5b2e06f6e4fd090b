/** How often each outcome was seen where a fault was present: what `hokusai plan calibrate` sets beside the plan's words. */
import { frequencyKey, type Frequencies } from "#evaluation/frequencies.ts";
import type { Weighed } from "./weigh-cases.ts";

/** Of single faults, as they were seen: with permissions denied and outcomes flipped they teach nothing. */
export function frequenciesOf(rows: readonly Weighed[]): Frequencies {
  const counts: Record<string, Record<string, Record<string, number>>> = {};
  for (const { stratum, denied, flipped, said, mode, outcomes } of rows) {
    if (stratum !== "single" || denied || flipped) continue;
    // A fault that several hypotheses name says nothing of either alone.
    const [cause, ...others] = said.truth[0] ?? [];
    if (cause === undefined || others.length > 0) continue;
    const checks = (counts[frequencyKey(cause, mode)] ??= {});
    for (const [check, outcome] of Object.entries(outcomes)) {
      const seen = (checks[check] ??= {});
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    }
  }
  return counts;
}
