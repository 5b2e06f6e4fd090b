import type { Finding } from "#core/finding.ts";
import type { Investigation } from "#core/investigation.ts";

/**
 * What the fault means to customers, from checks that send what customers send. A fault in the
 * service alone does not prove an outage: while predictions are answered, customers are served.
 */
export type Impact = "down" | "degraded" | "serving" | "unknown";

/** Asked in this order: the nearest to what customers do decides. */
const witnesses: readonly string[] = [
  "prediction/with-key",
  "prediction/without-key",
  "edge/reach",
  "api/health",
];

/** Without a key the API proves only that it listens: not that it can answer a prediction. */
const provesServing = new Set(["prediction/with-key"]);

export function impactOf(investigation: Investigation): Impact {
  for (const check of witnesses) {
    const finding = findingOf(investigation, check);
    if (finding === undefined) continue;
    if (finding.status === "failing") return "down";
    if (provesServing.has(check)) return finding.status === "degraded" ? "degraded" : "serving";
  }
  return "unknown";
}

export const findingOf = (investigation: Investigation, check: string): Finding | undefined =>
  investigation.findings.find((finding) => finding.check === check);

/** Sev 1: customers cannot predict. Sev 2: they can, with a fault. Sev 3: a caller's own settings. */
export function severityOf(investigation: Investigation): 1 | 2 | 3 | null {
  if (investigation.diagnosis?.verdict !== "fault") return null;
  if (isCallerFault(investigation)) return 3;
  return impactOf(investigation) === "down" ? 1 : 2;
}

/** Whether everything that leads is on the caller's side: configuration, not an outage. */
export function isCallerFault(investigation: Investigation): boolean {
  const diagnosis = investigation.diagnosis;
  if (diagnosis === null || diagnosis.leading.length === 0) return false;
  return diagnosis.leading.every(
    (id) => diagnosis.hypotheses.find((row) => row.id === id)?.side === "caller",
  );
}
