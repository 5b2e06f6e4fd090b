import { cannotTell } from "#core/check.ts";
import { utcSpan } from "#core/clock.ts";
import type { Evidence } from "#core/finding.ts";
import type { GroupedLines } from "./group-lines.ts";
import type { LogKind } from "./kinds.ts";

export interface Seen {
  readonly count: number;
  /** "214 lines between 02:45 and 03:00 UTC, the first 02:46, newest: ...": every finding names its window. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

/** A window of the log as the facts read it; times are ISO 8601. */
export interface LogWindow {
  readonly from: string;
  readonly to: string;
  /** False where calls ran out, and then what was not seen says nothing. */
  readonly complete: boolean;
  /** Null: no such log group. */
  readonly groups: GroupedLines | null;
}

/** What a window holds of some kinds; not run where "nothing seen" would prove nothing. */
export function seenOf(
  { from, to, complete, groups }: LogWindow,
  kinds: readonly LogKind[],
  now: number,
): { readonly seen: Seen } | ReturnType<typeof cannotTell> {
  if (groups === null) {
    return cannotTell(
      "the log group does not exist",
      "name the right log group in hokusai.yaml, or create it",
    );
  }
  const span = utcSpan(Date.parse(from), Date.parse(to), now);
  const summaries = kinds.map((kind) => groups.kinds[kind]);
  const count = summaries.reduce((sum, one) => sum + one.count, 0);
  if (count === 0 && !complete) {
    return cannotTell(`the log is too busy to read in full ${span}`, "read it with Logs Insights");
  }
  const newest = summaries.toSorted((a, b) => (b.lastAt ?? "").localeCompare(a.lastAt ?? ""))[0];
  const first = summaries.flatMap((one) => one.firstAt ?? []).toSorted()[0];
  const lines = `${complete ? "" : "at least "}${count} ${count === 1 ? "line" : "lines"}`;
  const since = count > 1 ? `, the first ${first?.slice(11, 16) ?? ""}` : "";
  const summary =
    count === 0 ? `none ${span}` : `${lines} ${span}${since}, newest: ${newest?.example ?? ""}`;
  const templates = summaries.flatMap((one) => one.templates).toSorted((a, b) => b.count - a.count);
  const evidence = templates
    .slice(0, 5)
    .map((one) => ({ label: `${one.count} x`, seen: one.template }));
  return { seen: { count, summary, evidence } };
}
