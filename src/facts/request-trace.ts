import { setTimeout as sleep } from "node:timers/promises";
import { defineFact } from "#core/fact.ts";
import { isJson } from "#core/observation.ts";
import { keyedPrediction } from "./keyed-prediction.ts";
import { kindOf } from "./log-lines/kinds.ts";
import { readWindow } from "./log-lines/read-window.ts";
import { wordingOf } from "./log-lines/wording.ts";

export interface RequestTrace {
  readonly requestId: string;
  /** Lines with this id, oldest first, at most ten. */
  readonly lines: readonly {
    readonly at: number;
    readonly text: string;
    readonly kind: string | null;
  }[];
  /** Seconds after the answer within which was looked. */
  readonly waitedSeconds: number;
  /** Whether the log group exists. */
  readonly group: boolean;
}

/** Lines arrive some seconds after they were written. */
const looksAfterMs = [500, 1_500, 3_000];
/** What the application itself did not answer has probably no line: one look, and no waiting for it. */
const looksOnceMs = [500];
const mostLines = 10;
/** An empty page with a token is not the end: a rare line may lie on a later one. */
const mostPages = 3;

/** Our own keyed request, looked for in the service's log by the X-Request-ID that it carried. */
export const requestTrace = defineFact({
  id: "request-trace",
  needs: { prediction: keyedPrediction },
  permissions: ["logs:FilterLogEvents"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 9_000,
  rereadable: false,
  gather: async ({ ports, target, facts, now, signal }): Promise<RequestTrace> => {
    const { seen } = facts.prediction;
    const { requestId } = seen;
    const looks = isJson(seen) ? looksAfterMs : looksOnceMs;
    const wording = wordingOf(target);
    const whole = new RegExp(`(?<![\\w-])${requestId.replace(/[^\w-]/gu, "\\$&")}(?![\\w-])`, "u");
    const query = {
      group: target.service.logs.group,
      from: now - 1_000,
      to: now + 120_000,
      pattern: JSON.stringify(requestId),
    };
    let waitedMs = 0;
    for (const waitMs of looks) {
      // oxlint-disable-next-line no-await-in-loop -- each look waits for lines that come late
      await sleep(waitMs, undefined, { signal });
      waitedMs += waitMs;
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const read = await readWindow(ports.logs, query, mostPages, signal);
      if (read === null)
        return { requestId, lines: [], waitedSeconds: waitedMs / 1_000, group: false };
      const lines = read.lines
        .filter((line) => whole.test(line.text))
        .toSorted((a, b) => a.at - b.at)
        .slice(0, mostLines)
        .map(({ at, text }) => ({ at, text: text.slice(0, 240), kind: kindOf(text, wording) }));
      if (lines.length > 0)
        return { requestId, lines, waitedSeconds: waitedMs / 1_000, group: true };
    }
    return { requestId, lines: [], waitedSeconds: waitedMs / 1_000, group: true };
  },
});
