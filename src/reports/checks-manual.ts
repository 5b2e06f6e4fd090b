import { factsOf, vantageOf, type Check } from "#core/check.ts";
import type { Fact } from "#core/fact.ts";

/** docs/checks.md: what each check asks, what it needs, and how to read every outcome. Pure. */
export function checksManual(checks: readonly Check[]): string {
  const areas = [...new Set(checks.map(areaOf))];
  const lines = [
    "# Checks",
    "",
    "Generated from the checks themselves by `npm run docs`; do not edit.",
    "",
    "Each check asks one question and gives one outcome; the first is the normal one. A check whose",
    "facts are denied, broken or never visible from an installation is *not run*: neither a pass nor",
    'a failure. "Seen from" says which vantage the answer holds for.',
    "",
    `${checks.length} checks: ${areas.map((area) => `[${area}](#${area})`).join(", ")}.`,
    "",
  ];
  for (const area of areas) {
    lines.push(`## ${area}`, "");
    for (const check of checks.filter((row) => areaOf(row) === area))
      lines.push(...checkSection(check));
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

const areaOf = (check: Check): string => check.id.split("/")[0] ?? "";

function checkSection(check: Check): readonly string[] {
  const facts = allFacts(factsOf(check));
  const permissions = [...new Set(facts.flatMap((fact) => fact.permissions))].toSorted();
  return [
    `### ${check.id}`,
    "",
    check.question,
    "",
    `Seen from: ${vantageOf(check)} · noise: ${check.noise} · ` +
      `${facts.some((fact) => fact.cost === "deep") ? "deep verdict" : "fast verdict"} · ` +
      `facts: ${factsOf(check)
        .map((fact) => fact.id)
        .join(", ")}`,
    "",
    `Permissions: ${permissions.length === 0 ? "none" : permissions.map((name) => `\`${name}\``).join(", ")}`,
    "",
    "| outcome | status | what it means | what to do |",
    "|---|---|---|---|",
    ...Object.entries(check.outcomes).map(
      ([name, { status, means, next }]) =>
        `| ${name} | ${status} | ${cell(means)} | ${cell(next ?? "")} |`,
    ),
    "",
  ];
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The facts with everything they need, each once. */
function allFacts(facts: readonly Fact[]): readonly Fact[] {
  const known = new Map<string, Fact>();
  const add = (fact: Fact): void => {
    if (known.has(fact.id)) return;
    known.set(fact.id, fact);
    for (const need of Object.values(fact.needs)) add(need);
  };
  for (const fact of facts) add(fact);
  return [...known.values()];
}
