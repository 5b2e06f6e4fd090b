import type { LogLine, LogQuery, LogsPort } from "#core/ports/aws.ts";

export interface ReadLines {
  /** Oldest first, as the pages come. */
  readonly lines: readonly LogLine[];
  /** False where calls ran out before the pages did. */
  readonly complete: boolean;
}

/**
 * The lines of a window from at most `mostCalls` FilterLogEvents calls, which AWS limits to a few a second
 * for the whole account. Null: no such log group.
 */
export async function readWindow(
  logs: LogsPort,
  query: Omit<LogQuery, "token">,
  mostCalls: number,
  signal: AbortSignal,
): Promise<ReadLines | null> {
  const lines: LogLine[] = [];
  let token: string | null = null;
  let calls = 0;
  do {
    // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
    const page = await logs.page({ ...query, token }, signal);
    calls += 1;
    if (page === null) return null;
    lines.push(...page.lines);
    token = page.token;
  } while (token !== null && calls < mostCalls);
  return { lines, complete: token === null };
}
