import { isoTime, utcTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { LogRetention } from "#core/ports/aws.ts";
import { filterPattern } from "./log-lines/filter-pattern.ts";
import { groupLines } from "./log-lines/group-lines.ts";
import { readWindow } from "./log-lines/read-window.ts";
import { wordingOf } from "./log-lines/wording.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** People round times, clocks differ, and a request that waits is logged when it ends. */
const marginMs = 5 * minuteMs;
/** Read beside the newest window's three calls, and after them: the account's limit is shared. */
const mostCalls = 3;
const mostLines = 10;

const none = (detail: string, mend: string, availability: "moot" | "never"): FactUnavailable =>
  new FactUnavailable({ reason: "not-applicable", detail, mend, availability });

/**
 * Complaints in the service's log group within 5 minutes of the customer's attempt (`reported.at`), grouped
 * like those of the newest window, and the lines with the request's own id. `groups` is null where the log
 * group does not exist. Where nothing was found, the group still holds that time: otherwise it is missing.
 */
export const logAttempt = defineFact({
  id: "log-attempt",
  needs: {},
  permissions: ["logs:FilterLogEvents", "logs:DescribeLogGroups"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: false,
  gather: async ({ ports, target, reported, now, signal }) => {
    if (reported?.at == null)
      throw none("nobody said when it happened to them", "add --at <time>, as --at 14:03", "moot");
    const at = Date.parse(reported.at);
    const said = utcTime(at, now);
    if (at > now + minuteMs)
      throw none(`${said} lies in the future`, "correct --at; times are UTC", "moot");
    const wording = wordingOf(target);
    const { group } = target.service.logs;
    const window = { group, from: at - marginMs, to: Math.min(at + marginMs, now) };
    const span = { at: reported.at, from: isoTime(window.from), to: isoTime(window.to) };
    const pattern = filterPattern(wording.variables);
    const read = await readWindow(ports.logs, { ...window, pattern }, mostCalls, signal);
    if (read === null) return { ...span, complete: true, groups: null, ofRequest: [] };
    const ofRequest =
      reported.requestId === null
        ? []
        : ((
            await ports.logs.page(
              { ...window, pattern: JSON.stringify(reported.requestId), token: null },
              signal,
            )
          )?.lines ?? []);
    // Lines that were found are there; nothing found is nothing written only where it is still kept.
    if (read.lines.length + ofRequest.length === 0) {
      const lost = notHeld(await ports.logs.retention(group, signal), at, now);
      if (lost !== null)
        throw none(
          `${said} lies before what ${group} holds: ${lost}`,
          "look in the log archive, if there is one; a longer retention helps the next time",
          "never",
        );
    }
    return {
      ...span,
      complete: read.complete,
      groups: groupLines(read.lines, wording),
      ofRequest: ofRequest
        .slice(0, mostLines)
        .map((line) => ({ at: isoTime(line.at), text: line.text.trim().slice(0, 240) })),
    };
  },
});

/** Why the group cannot hold lines of that time; null where it can. */
function notHeld(retention: LogRetention | null, at: number, now: number): string | null {
  if (retention === null) return null;
  const { days, createdAt } = retention;
  if (days !== null && at < now - days * dayMs) return `it keeps ${days} days`;
  if (createdAt !== null && at + marginMs < Date.parse(createdAt))
    return `it was created ${utcTime(Date.parse(createdAt), now)}`;
  return null;
}
