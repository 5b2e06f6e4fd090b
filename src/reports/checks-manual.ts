import { factsOf, vantageOf, type Check } from "#core/check.ts";
import type { Fact } from "#core/fact.ts";
import type { Target } from "#core/target.ts";

/** In capitals what an installation's catalogue fills in. */
const anyTarget = {
  service: {
    environment: { region: "REGION" },
    ecs: { cluster: "CLUSTER", service: "SERVICE" },
    logs: { group: "LOG-GROUP" },
    loadBalancers: ["LOAD-BALANCER"],
    dependencies: { auth: { ecs: { cluster: "CLUSTER", service: "AUTH-SERVICE" } } },
  },
} as unknown as Target;

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
    'a failure. "Seen from" says which vantage the answer holds for. A fact that only sharpens an answer',
    "may be missing; where the answer would hang on it, the check is not run either. An outcome that is",
    "*past* tells of what is over: it is shown and never weighed.",
    "",
    "An AWS permission is named after the one API call that needs it: `ecs:DescribeServices` is the call",
    "DescribeServices of ECS. In the console's addresses, capitals stand for what hokusai.yaml names.",
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
  const verdict = facts.some((fact) => fact.cost === "deep") ? "deep" : "fast";
  const sharpeners = Object.values(check.optional ?? {});
  const link = check.consoleLink?.(anyTarget);
  return [
    `### ${check.id}`,
    "",
    check.question,
    "",
    `Seen from: ${vantageOf(check)} · noise: ${check.noise} · ${verdict} verdict`,
    "",
    `Facts: ${asked(Object.values(check.needs))}`,
    "",
    ...(sharpeners.length === 0 ? [] : [`Sharpened by: ${asked(sharpeners)}`, ""]),
    `Permissions in all: ${permissions.length === 0 ? "none" : permissions.map(code).join(", ")}`,
    "",
    ...(link === undefined ? [] : [`Console: ${code(link)}`, ""]),
    "| outcome | status | what it means | what to do |",
    "|---|---|---|---|",
    ...Object.entries(check.outcomes).map(
      ([name, { status, means, next, history }]) =>
        `| ${name} | ${status}${history === true ? ", past" : ""} | ${cell(means)} | ${cell(next ?? "")} |`,
    ),
    "",
  ];
}

const code = (text: string): string => `\`${text}\``;

/** "ecs-service (`ecs:DescribeServices`), target-health (`elasticloadbalancing:DescribeTargetHealth`)". */
const asked = (facts: readonly Fact[]): string =>
  facts.length === 0
    ? "none"
    : facts
        .map(({ id, permissions }) =>
          permissions.length === 0 ? id : `${id} (${permissions.map(code).join(", ")})`,
        )
        .join(", ");

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
