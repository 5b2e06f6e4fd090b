import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { LogLine, LogsPort } from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";
import { historySpan } from "./log-history/history-span.ts";
import { filterPattern } from "./log-lines/filter-pattern.ts";
import { kindOf } from "./log-lines/kinds.ts";
import { isOwnRequest } from "./log-lines/own-requests.ts";
import { wordingOf } from "./log-lines/wording.ts";

const minuteMs = 60_000;
const mostPages = 8;

/**
 * Errors a minute over six hours, oldest first, without our own requests; further back, up to a day, where
 * the customer's attempt was earlier. From Logs Insights; where it cannot be had, from FilterLogEvents, and
 * then `to` is as far as its pages reached.
 */
export const logHistory = defineFact({
  id: "log-history",
  needs: {},
  permissions: ["logs:StartQuery", "logs:GetQueryResults", "logs:FilterLogEvents"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 20_000,
  rereadable: false,
  gather: async ({ ports, target, reported, now, signal }) => {
    const { from, to } = historySpan(reported, now);
    const counted = await byInsights(ports.logs, target, from, to, signal).catch(
      async (error: unknown) => {
        if (!(error instanceof FactUnavailable) || error.missing.reason !== "broken") throw error;
        return byPages(ports.logs, target, from, to, signal);
      },
    );
    const { minutes, until } = counted;
    const counts = Array.from(
      { length: Math.floor((until - from) / minuteMs) },
      (_, i) => minutes.get(from + i * minuteMs) ?? 0,
    );
    return { from: isoTime(from), to: isoTime(until), complete: until === to, counts };
  },
});

interface Counted {
  readonly minutes: ReadonlyMap<number, number>;
  /** Where the counts end, when pages ran out. */
  readonly until: number;
}

const complaint =
  'ERROR|CRITICAL|FATAL|Traceback|[Tt]imeout|timed out|refused|unreachable|\\" 50[0-9]|\\" 405|Service Unavailable';

async function byInsights(
  logs: LogsPort,
  target: Target,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Counted> {
  const rows = await logs.insights(
    {
      group: target.service.logs.group,
      from,
      to,
      text: [
        `filter @message like /${complaint}/`,
        'filter @message not like /hokusai-[0-9a-f]{8}-|"hokusai\\/[0-9]/',
        "stats count(*) as errors by bin(1m) as minute",
        "sort minute asc",
      ].join(" | "),
    },
    signal,
  );
  const minutes = new Map<number, number>();
  for (const row of rows) {
    const time = row["minute"] ?? row["bin(1m)"] ?? "";
    // Insights writes "2026-11-21 20:52:00.000", in UTC and without saying so.
    const at = Date.parse(/[zZ]$/u.test(time) ? time : `${time.replace(" ", "T")}Z`);
    const count = Number(row["errors"]);
    if (Number.isFinite(at) && Number.isFinite(count))
      minutes.set(Math.floor(at / minuteMs) * minuteMs, count);
  }
  return { minutes, until: to };
}

async function byPages(
  logs: LogsPort,
  target: Target,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Counted> {
  const wording = wordingOf(target);
  const lines: LogLine[] = [];
  let token: string | null = null;
  let pages = 0;
  do {
    const query = {
      group: target.service.logs.group,
      from,
      to,
      pattern: filterPattern(wording.variables),
      token,
    };
    // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
    const page = await logs.page(query, signal);
    if (page === null) {
      throw notApplicable(
        "the log group does not exist",
        "name the right log group in hokusai.yaml, or create it",
      );
    }
    lines.push(...page.lines);
    token = page.token;
    pages += 1;
  } while (token !== null && pages < mostPages);
  const minutes = new Map<number, number>();
  for (const line of lines) {
    if (isOwnRequest(line.text) || kindOf(line.text, wording) === null) continue;
    const minute = Math.floor(line.at / minuteMs) * minuteMs;
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  }
  const last = lines.at(-1)?.at ?? from;
  return { minutes, until: token === null ? to : Math.floor(last / minuteMs) * minuteMs };
}
