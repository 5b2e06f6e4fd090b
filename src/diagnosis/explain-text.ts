import type { Explanation, Rival, Speaks } from "./explain.ts";

/** The explanation for a terminal, plain text, ending in a line break. */
export function toExplanationText(explanation: Explanation): string {
  const { id, claim, prior, confirmedBy, notInPlan, cannotTellFrom, nearest } = explanation;
  const sections = [
    [`${id}: ${claim}`, `likelihood before anything is seen: ${prior}`],
    section("speaks for it, strongest first", explanation.speaksFor.map(toSpeaksLine)),
    section("speaks against it", explanation.speaksAgainst.map(toSpeaksLine)),
    section(
      "confirmed by",
      confirmedBy.map(({ check, outcome }) => `${check} = ${outcome}`),
    ),
    section("would tell more, but this plan does not run it", notInPlan),
    section("cannot be told from", cannotTellFrom.map(toRivalLine)),
    section("most alike of the others", nearest.map(toRivalLine)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];

const toSpeaksLine = ({ check, outcome, strength, mode, weight }: Speaks): string =>
  `${weight > 0 ? "+" : "-"}${Math.abs(weight).toFixed(1).padStart(4)}  ${check} = ${outcome} (${strength}${mode === null ? "" : `, as ${mode}`})`;

const toRivalLine = ({ id, apart, bestCheck }: Rival): string =>
  bestCheck === null
    ? `${id}: no check of this plan tells the two apart`
    : `${id}: ${bestCheck} tells most (${apart.toFixed(1)} nats by all checks together)`;
