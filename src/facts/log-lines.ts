import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { filterPattern } from "./log-lines/filter-pattern.ts";
import { groupLines } from "./log-lines/group-lines.ts";
import { readWindow } from "./log-lines/read-window.ts";
import { wordingOf } from "./log-lines/wording.ts";

const windowMs = 15 * 60_000;
/** FilterLogEvents is limited to a few calls a second for the whole account. */
const mostCalls = 3;
/** Pages come oldest first: where they do not end, the last call asks for the newest lines at least. */
const newestMs = 2 * 60_000;

/**
 * Complaints in the service's log group over the last 15 minutes, grouped by kind and wording, without our
 * own requests. `groups` is null where the log group does not exist; `complete` is false where calls ran out,
 * and then what was not seen says nothing.
 */
export const logLines = defineFact({
  id: "log-lines",
  needs: {},
  permissions: ["logs:FilterLogEvents"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_500,
  rereadable: true,
  gather: async ({ ports, target, now, signal }) => {
    const wording = wordingOf(target);
    const query = {
      group: target.service.logs.group,
      from: now - windowMs,
      to: now,
      pattern: filterPattern(wording.variables),
    };
    const read = await readWindow(ports.logs, query, mostCalls - 1, signal);
    const window = { from: isoTime(query.from), to: isoTime(now) };
    if (read === null) return { ...window, complete: true, groups: null };
    const { complete, lines } = read;
    if (complete) return { ...window, complete, groups: groupLines(lines, wording) };
    const from = Math.max(now - newestMs, (lines.at(-1)?.at ?? 0) + 1);
    const newest = await ports.logs.page({ ...query, from, token: null }, signal);
    return {
      ...window,
      complete,
      groups: groupLines([...lines, ...(newest?.lines ?? [])], wording),
    };
  },
});
