import type { NotRun } from "#core/finding.ts";
import type { Investigation } from "#core/investigation.ts";
import { checksOf } from "#core/plan.ts";
import { plural } from "./phrases.ts";

/** What a run could see and what not: as prominent as its verdict. */
export interface Coverage {
  readonly ran: number;
  readonly total: number;
  /** Should be there and is not today. */
  readonly lost: readonly Gap[];
  /** This installation never sees it. */
  readonly never: readonly Gap[];
  /** As things stand there is nothing to look at. */
  readonly moot: readonly Gap[];
  /** Checks that a stopped run did not get to. */
  readonly unreached: number;
}

/** Checks that share one reason and one remedy. */
export interface Gap {
  readonly checks: readonly string[];
  readonly reason: NotRun["reason"];
  readonly detail: string;
  readonly mend: string;
}

export function coverageOf(investigation: Investigation): Coverage {
  const total = checksOf(investigation.plan).length;
  const ran = investigation.findings.length;
  const gaps = (availability: NotRun["availability"]): readonly Gap[] =>
    grouped(investigation.notRun.filter((row) => row.availability === availability));
  return {
    ran,
    total,
    lost: gaps("lost"),
    never: gaps("never"),
    moot: gaps("moot"),
    unreached:
      investigation.endedAt === null ? 0 : Math.max(0, total - ran - investigation.notRun.length),
  };
}

function grouped(rows: readonly NotRun[]): readonly Gap[] {
  const gaps = new Map<string, { checks: string[]; row: NotRun }>();
  for (const row of rows) {
    const key = `${row.reason}\n${row.mend}`;
    const known = gaps.get(key);
    if (known === undefined) gaps.set(key, { checks: [row.check], row });
    else known.checks.push(row.check);
  }
  return [...gaps.values()]
    .map(({ checks, row }) => ({ checks, reason: row.reason, detail: row.detail, mend: row.mend }))
    .toSorted((a, b) => b.checks.length - a.checks.length);
}

export const count = (gaps: readonly Gap[]): number =>
  gaps.reduce((sum, gap) => sum + gap.checks.length, 0);

const reasonWords: Readonly<Record<NotRun["reason"], string>> = {
  denied: "denied",
  broken: "could not be asked",
  "not-applicable": "not visible from here",
  "timed-out-here": "timed out on our side",
};

/** "30 of 34 checks ran. Lost today: 3 (2 denied, 1 timed out on our side). Never available here: 1." */
export function coverageLine(coverage: Coverage): string {
  const lost =
    coverage.lost.length === 0 ? "nothing" : `${count(coverage.lost)} (${byReason(coverage.lost)})`;
  const parts = [
    `${coverage.ran} of ${coverage.total} checks ran.`,
    `Lost today: ${lost}.`,
    ...(coverage.never.length === 0 ? [] : [`Never available here: ${count(coverage.never)}.`]),
    ...(coverage.moot.length === 0 ? [] : [`Nothing to look at now: ${count(coverage.moot)}.`]),
    ...(coverage.unreached === 0 ? [] : [`Not reached: ${coverage.unreached}.`]),
  ];
  return parts.join(" ");
}

/** "2 denied, 1 timed out on our side". */
export function byReason(gaps: readonly Gap[]): string {
  const counts = new Map<NotRun["reason"], number>();
  for (const gap of gaps) counts.set(gap.reason, (counts.get(gap.reason) ?? 0) + gap.checks.length);
  return [...counts].map(([reason, n]) => `${n} ${reasonWords[reason]}`).join(", ");
}

/** "2 checks (ecs/rollout, ecs/service-running) denied: AccessDenied ... To mend: grant ecs:DescribeServices". */
export function gapLine(gap: Gap): string {
  const named = gap.checks.slice(0, 4).join(", ");
  const more = gap.checks.length > 4 ? ` and ${gap.checks.length - 4} more` : "";
  const subject =
    gap.checks.length === 1 ? named : `${plural(gap.checks.length, "check")} (${named}${more})`;
  const reason = gap.reason === "not-applicable" ? "" : `${reasonWords[gap.reason]}. `;
  return `${subject}: ${reason}${gap.detail}. To mend: ${gap.mend}`;
}
