import type { Diagnosis, WeighedHypothesis } from "#core/diagnosis.ts";
import type { Investigation } from "#core/investigation.ts";
import { listed } from "#core/nearest.ts";
import { checksOf } from "#core/plan.ts";
import { coverageOf } from "./coverage.ts";
import { findingOf, impactOf, isCallerFault } from "./impact.ts";
import { onsetLine } from "./onset.ts";
import { hypothesisName, oneLine, percent, sentence, sentenceCase } from "./phrases.ts";

/**
 * The one sentence that every outlet says, verdict first: it has to be in the first 80 characters,
 * which is what a phone's notification shows.
 */
export function headlineOf(investigation: Investigation): string {
  const model = `Model ${investigation.target.id}`;
  const { diagnosis } = investigation;
  if (diagnosis === null) {
    if (investigation.endedAt === null) return `${model}: checking ... ${progress(investigation)}`;
    return `${model}: inconclusive, ${stoppedWords(investigation)}`;
  }
  const early = investigation.endedAt === null && investigation.depth === "fast";
  if (early && diagnosis.verdict === "inconclusive")
    return `${model}: checking ... ${progress(investigation)}, ${soFar(investigation)}`;
  const line = `${model}${verdictWords(investigation, diagnosis)}`;
  return early ? `${line} (first verdict, still checking)` : line;
}

/** A first verdict that tells nothing yet accuses nobody either. */
function soFar(investigation: Investigation): string {
  const wrong = investigation.findings.filter(({ status }) => status !== "ok").length;
  return wrong === 0 ? "nothing wrong so far" : `${wrong} not as it should be so far`;
}

/** "11 of 34". */
export const progress = (investigation: Investigation): string =>
  `${investigation.findings.length + investigation.notRun.length} of ${checksOf(investigation.plan).length}`;

function verdictWords(investigation: Investigation, diagnosis: Diagnosis): string {
  const { ran, total } = coverageOf(investigation);
  switch (diagnosis.verdict) {
    case "healthy":
      return ran === total
        ? ` is healthy: all ${total} checks ran and nothing is wrong.`
        : ` is healthy as far as ${ran} of ${total} checks can tell.`;
    case "not-reproduced":
      return `: not reproduced. ${notReproducedWords(investigation)}`;
    case "inconclusive":
      return `: inconclusive. ${inconclusiveWords(investigation, diagnosis)}`;
    case "fault":
      return faultWords(investigation, diagnosis);
  }
}

function faultWords(investigation: Investigation, diagnosis: Diagnosis): string {
  const leading = leadingOf(diagnosis);
  const accused = listed(
    leading.map(
      (row) =>
        `${hypothesisName(row.id)} (${verdictWord(row.verdict)}, ${percent(row.probability)})`,
    ),
  );
  const claim =
    leading.length === 1 ? ` ${sentence(sentenceCase(oneLine(leading[0]?.claim ?? "")))}` : "";
  if (isCallerFault(investigation)) {
    const works =
      impactOf(investigation) === "serving"
        ? " works; the caller's side does not"
        : ": fault on the caller's side";
    return `${works}: ${accused}.${claim} Not an outage.`;
  }
  const impact = {
    down: " is down for customers",
    degraded: " answers, but not as it should",
    serving: " answers, with a fault behind it",
    unknown: " has a fault",
  }[impactOf(investigation)];
  return `${impact}: ${accused}.${claim}`;
}

function notReproducedWords(investigation: Investigation): string {
  const what = reportedWords(investigation);
  const { ran, total } = coverageOf(investigation);
  return `The reported ${what} did not show in ${ran} of ${total} checks.${attemptWords(investigation)}`;
}

/** What the log held when the customer tried: the best there is where the fault is over. */
function attemptWords(investigation: Investigation): string {
  const attempt = findingOf(investigation, "logs/attempt");
  return attempt === undefined || attempt.status === "ok"
    ? ""
    : ` When the customer tried, the API logged ${sentence(oneLine(attempt.summary))}`;
}

function inconclusiveWords(investigation: Investigation, diagnosis: Diagnosis): string {
  const { ran, total } = coverageOf(investigation);
  const why = diagnosis.inconclusiveBecause;
  const wrong = investigation.findings.filter((finding) => finding.status !== "ok").length;
  const likeliest = diagnosis.hypotheses.find(
    (row) => row.verdict !== "ruled-out" && row.id !== "other",
  );
  const explained = likeliest?.verdict === "likely" || likeliest?.verdict === "possible";
  const seen =
    wrong === 0
      ? ran === 0
        ? "So nothing is known."
        : "What ran is healthy."
      : explained
        ? `${wrong} of them found something wrong, which does not yet tell the causes apart.`
        : `${wrong} of them found something that no hypothesis explains well.`;
  const left =
    likeliest === undefined || why?.includes("likeliest") === true
      ? ""
      : ` Likeliest of what is left: ${hypothesisName(likeliest.id)} (${percent(likeliest.probability)}).`;
  return `${ran} of ${total} checks ran${why === null ? "" : `: ${oneLine(why).replace(/\.$/u, "")}`}. ${seen}${left}`;
}

function stoppedWords(investigation: Investigation): string {
  if (investigation.stopped === "cancelled") return "the check was stopped before its verdict.";
  return `the check itself failed: ${sentence(oneLine(investigation.problem ?? "no reason given"))}`;
}

/** "405", "time-out", or "problem" where only a URL was given. */
export function reportedWords(investigation: Investigation): string {
  const symptom = investigation.reported?.symptom ?? null;
  if (symptom === null || symptom === "other") return "problem";
  return (
    { timeout: "time-out", connection: "connection failure", "5xx": "server error" }[
      symptom as "timeout" | "connection" | "5xx"
    ] ?? symptom
  );
}

/** The leading hypotheses, in the diagnosis's order (path order). */
export const leadingOf = (diagnosis: Diagnosis): readonly WeighedHypothesis[] =>
  diagnosis.leading.flatMap((id) => diagnosis.hypotheses.find((row) => row.id === id) ?? []);

export const verdictWord = (verdict: WeighedHypothesis["verdict"]): string =>
  verdict === "ruled-out" ? "ruled out" : verdict;

/** "production · account 1234 · us-east-1 · since 02:31 · HOK-123". */
export function placeOf(investigation: Investigation, ticket: string | null): readonly string[] {
  const { environment } = investigation.target.service;
  const onset = onsetLine(investigation);
  const scope = findingOf(investigation, "scope/other-models");
  // Whoever asks with --fix wants this answer before any other.
  const fix = findingOf(investigation, "changes/fix-deployed");
  return [
    environment.id,
    ...(environment.account === null ? [] : [`account ${environment.account}`]),
    environment.region,
    ...(onset === null ? [] : [onset]),
    ...(scope === undefined || scope.status === "ok" ? [] : [oneLine(scope.summary)]),
    ...(fix === undefined || investigation.reported?.fix == null ? [] : [oneLine(fix.summary)]),
    ...(ticket === null ? [] : [ticket]),
  ];
}
