import type { Investigation } from "#core/investigation.ts";
import { coverageOf } from "./coverage.ts";
import { reportedWords } from "./headline.ts";
import { findingOf, impactOf, isCallerFault } from "./impact.ts";
import { courseOf } from "./onset.ts";
import { age, clockTime, dateTime, sentenceCase } from "./phrases.ts";

export interface StatusContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** "HOK-123" where the incident has one. */
  readonly ticket: string | null;
  /** ISO 8601: when a newer check began that has no result yet; absent or null where none runs. */
  readonly recheckSince?: string | null;
}

/**
 * What customer success may forward: customers' words, no internal name, nothing promised that
 * nobody promised. The first sentence is the state, the last one how old it is.
 */
export function customerStatus(run: Investigation, context: StatusContext): string {
  const sentences = [...stateOf(run), ...scopeOf(run)];
  if (context.ticket !== null) sentences.push(`Ticket ${context.ticket}.`);
  return `${sentences.join(" ")} ${ageOf(run, context)}`;
}

export const neverChecked = (product: string, model: string): string =>
  `No check of ${productName(product, model)} is on record. To start one: /hokusai check model ${model}`;

const productName = (product: string, model: string): string => `${product} (model ${model})`;

function stateOf(run: Investigation): string[] {
  const name = productName(run.target.product, run.target.id);
  const { diagnosis } = run;
  if (diagnosis === null) {
    return run.endedAt === null
      ? [`${sentenceCase(name)} is being checked right now; there is no result yet.`]
      : [`We could not establish whether ${name} works: the check did not finish.`];
  }
  const early = run.endedAt === null ? ["This is a first result, the check is still running."] : [];
  switch (diagnosis.verdict) {
    case "healthy":
      return [`${sentenceCase(name)} works.`, ...answered(run), ...early];
    case "not-reproduced":
      return [
        `The reported ${reportedWords(run)} with ${name} did not show when we checked.`,
        "That does not mean that it did not happen: the exact time and the request id of a failed request would help.",
        ...early,
      ];
    case "inconclusive": {
      const { ran, total } = coverageOf(run);
      return [
        `We could not establish whether ${name} works: ${ran} of ${total} checks could be made.`,
        ...early,
      ];
    }
    case "fault":
      return [...faultOf(run, name), ...early];
  }
}

function faultOf(run: Investigation, name: string): string[] {
  if (isCallerFault(run)) {
    const base = `The base URL to use is ${run.target.service.api.url}.`;
    return impactOf(run) === "serving"
      ? [
          `${sentenceCase(name)} works; the failing requests are not sent the way it expects them.`,
          base,
        ]
      : [`The failing requests to ${name} are not sent the way it expects them.`, base];
  }
  switch (impactOf(run)) {
    case "down":
      return [`${sentenceCase(name)} is not working for customers${since(run)}.`, ...felt(run)];
    case "degraded":
      return [`${sentenceCase(name)} answers, but not as it should${since(run)}.`];
    case "serving":
      return [`${sentenceCase(name)} answers requests, but we found a fault behind it.`];
    case "unknown":
      return [`We found a fault with ${name}; how it shows to customers is not known yet.`];
  }
}

/** What a customer sees, by the outcome of the request that is sent as customers send it. */
const symptoms: Readonly<Record<string, string>> = {
  timeout: "Requests get no answer in time.",
  "no-connection": "Requests cannot connect.",
  "server-error-5xx": "Requests are answered with a server error.",
  "server-error": "Requests are answered with a server error.",
  "unavailable-503": "Requests are answered with a server error.",
  "gateway-502": "Requests are answered with a server error.",
  "gateway-503": "Requests are answered with a server error.",
  "gateway-504": "Requests get no answer in time.",
  "unauthorised-401": "Valid keys are refused.",
  "forbidden-403": "Valid keys are refused.",
  "not-found-404": 'Requests are answered with "not found".',
  "no-route-404": 'Requests are answered with "not found".',
  "method-not-allowed-405": 'Requests are answered with "method not allowed".',
  "method-not-allowed": 'Requests are answered with "method not allowed".',
  "invalid-422": "Valid requests are refused as invalid.",
  "refused-4xx": "Valid requests are refused.",
  "throttled-429": "Requests are refused as too many.",
  "wrong-shape": "Requests are answered without a usable result.",
};

function felt(run: Investigation): string[] {
  for (const check of ["prediction/with-key", "prediction/without-key", "edge/reach"]) {
    const finding = findingOf(run, check);
    const words = finding?.status === "failing" ? symptoms[finding.outcome] : undefined;
    if (words !== undefined) return [words];
  }
  return [];
}

/** Only a time that was measured: never one that we would have to guess. */
function since(run: Investigation): string {
  const at = courseOf(run)?.onset?.at;
  return at === undefined ? "" : ` since ${clockTime(at)}`;
}

function answered(run: Investigation): string[] {
  return findingOf(run, "prediction/with-key")?.status === "ok"
    ? ["A test request was answered with a valid result."]
    : [];
}

function scopeOf(run: Investigation): string[] {
  if (run.diagnosis?.verdict !== "fault" || isCallerFault(run)) return [];
  const others = findingOf(run, "scope/other-models")?.outcome;
  if (others === "others-work") return ["The other models that we checked work."];
  if (others === "wider") return ["Other models and other services of ours are affected too."];
  if (others === "others-fail-too")
    return ["Other models are affected too; other products were not checked."];
  return ["Other products were not checked."];
}

function ageOf(run: Investigation, { now, recheckSince = null }: StatusContext): string {
  const at = run.endedAt ?? run.startedAt;
  const old = now - Date.parse(at);
  const time = old > 20 * 3_600_000 ? dateTime(at) : clockTime(at);
  const newer =
    recheckSince === null ? "" : `; a new check is running since ${clockTime(recheckSince)}`;
  return `(as of ${time}, ${age(old)} old${newer})`;
}
