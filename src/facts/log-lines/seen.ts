import { cannotTell } from "#core/check.ts";
import type { ValueOf } from "#core/fact.ts";
import type { Evidence } from "#core/finding.ts";
import type { logLines } from "../log-lines.ts";
import type { LogKind } from "./kinds.ts";

export interface Seen {
  readonly count: number;
  /** "214 lines since 02:31, newest: ...". */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

/** What the log window holds of some kinds; not run where "nothing seen" would prove nothing. */
export function seenOf(
  lines: ValueOf<typeof logLines>,
  kinds: readonly LogKind[],
): { readonly seen: Seen } | ReturnType<typeof cannotTell> {
  const { groups } = lines;
  if (groups === null) {
    return cannotTell(
      "the log group does not exist",
      "name the right log group in hokusai.yaml, or create it",
    );
  }
  const summaries = kinds.map((kind) => groups.kinds[kind]);
  const count = summaries.reduce((sum, one) => sum + one.count, 0);
  if (count === 0 && !lines.complete) {
    return cannotTell("the log window is too busy to read in full", "read it with Logs Insights");
  }
  const newest = summaries.toSorted((a, b) => (b.lastAt ?? "").localeCompare(a.lastAt ?? ""))[0];
  const first = summaries.flatMap((one) => one.firstAt ?? []).toSorted()[0];
  const window = `${lines.from.slice(11, 16)} to ${lines.to.slice(11, 16)}`;
  const plural = count === 1 ? "line" : "lines";
  const summary =
    count === 0
      ? `none between ${window}`
      : `${count} ${plural} since ${first?.slice(11, 16) ?? ""}${lines.complete ? "" : " at least"}, newest: ${newest?.example ?? ""}`;
  const templates = summaries.flatMap((one) => one.templates).toSorted((a, b) => b.count - a.count);
  const evidence = templates
    .slice(0, 5)
    .map((one) => ({ label: `${one.count} x`, seen: one.template }));
  return { seen: { count, summary, evidence } };
}
