import type { cannotTell } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import type { Evidence } from "#core/finding.ts";
import type { LogKind } from "#facts/log-lines/kinds.ts";
import { seenOf, type LogWindow } from "#facts/log-lines/seen.ts";

export interface Dependency {
  /** As a sentence has it: "the database". */
  readonly name: string;
  readonly unresolved: LogKind;
  readonly errors: readonly LogKind[];
}

export interface DependencyLines {
  /** Null: no line of either. */
  readonly prevails: "unresolved" | "errors" | null;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}

/** As many as a kind of line keeps the times of; enough that one straggler does not decide. */
const newestLines = 10;

/**
 * What the log says of one dependency. A name that does not resolve is a fault of another place (a record, the
 * VPC's DNS, the configuration) than a dependency that refuses or stalls. Where there are lines of both, the
 * newest ten decide: what was repaired, or came before, is only counted.
 */
export function dependencyLines(
  window: LogWindow,
  { name, unresolved, errors }: Dependency,
  now: number,
): DependencyLines | ReturnType<typeof cannotTell> {
  const all = seenOf(window, [unresolved, ...errors], now);
  if ("notRun" in all) return all;
  const { groups, complete } = window;
  if (groups === null || all.seen.count === 0)
    return { prevails: null, summary: all.seen.summary, evidence: [] };
  const names = groups.kinds[unresolved];
  if (names.count === 0) return { prevails: "errors", ...all.seen };
  const others = errors.map((kind) => groups.kinds[kind]);
  const otherCount = others.reduce((count, one) => count + one.count, 0);
  const counted = (count: number, what: string, newest: string): string =>
    `${complete ? "" : "at least "}${count} ${count === 1 ? "line" : "lines"}${what} (newest ${utcTime(Date.parse(newest), now)})`;
  const said = counted(names.count, `: the name of ${name} does not resolve`, names.lastAt ?? "");
  const otherTimes = others.flatMap((one) => one.newestAt);
  const newest = [
    ...names.newestAt.map((at) => ({ at, isName: true })),
    ...otherTimes.map((at) => ({ at, isName: false })),
  ]
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, newestLines);
  const ofName = newest.filter((one) => one.isName).length;
  if (ofName * 2 > newest.length || (ofName * 2 === newest.length && newest[0]?.isName === true)) {
    const beside = otherTimes.toSorted().at(-1);
    const more =
      beside === undefined ? "" : `; ${counted(otherCount, " of other trouble", beside)}`;
    return {
      prevails: "unresolved",
      summary: `${said}${more}`,
      evidence: [{ label: "newest", seen: names.example ?? "" }, ...all.seen.evidence],
    };
  }
  const rest = seenOf(window, errors, now);
  const summary = "notRun" in rest ? all.seen.summary : rest.seen.summary;
  return { prevails: "errors", summary: `${summary}; ${said}`, evidence: all.seen.evidence };
}
