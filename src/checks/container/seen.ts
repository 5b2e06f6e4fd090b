import type { Evidence } from "#core/finding.ts";
import { cannotTell, type Found } from "#core/check.ts";
import { duration } from "#core/observation.ts";
import type { Missing } from "#core/missing.ts";
import type { ContainerView, InsideOutcome, InsidePlace, InsideView } from "#core/ports/exec.ts";

/** "HTTP 404 in 31 ms", "connect: timed out after 2.5 s". */
export const insideLine = (
  seen: Pick<InsideView, "outcome" | "status" | "error" | "tookMs">,
): string =>
  seen.outcome === "ok"
    ? `${seen.status === null ? "connected" : `HTTP ${seen.status}`} in ${duration(seen.tookMs)}`
    : `${seen.outcome.replaceAll("-", " ")} after ${duration(seen.tookMs)}${seen.error === null ? "" : ` (${seen.error})`}`;

const vantage = ({ task, container }: ContainerView): Evidence => ({
  label: "seen from",
  seen: `container ${container} of task ${task.slice(0, 8)}`,
});

type PlaceOutcome = InsideOutcome | "server-error";
type StoreOutcome = Exclude<InsideOutcome, "tls-failure">;

/** One dependency as the container reaches it; not run where the probe did not get to it. */
export function placeSeen(
  view: ContainerView,
  name: InsidePlace,
  wanted: string,
): Found<PlaceOutcome> | { readonly notRun: Missing } {
  const seen = view.places[name];
  if (seen === null) {
    return cannotTell(
      "the place was not probed: neither the catalogue nor the container's environment names it, or time ran out",
      "set dependencies on the service in hokusai.yaml (host and port), and look again",
    );
  }
  const outcome = (seen.status ?? 0) >= 500 ? "server-error" : seen.outcome;
  return {
    outcome,
    summary: `${seen.host}:${seen.port} from inside: ${insideLine(seen)}`,
    evidence: [
      { label: `${seen.host}:${seen.port}`, seen: insideLine(seen), wanted },
      ...(seen.addresses.length === 0
        ? []
        : [{ label: "resolved inside to", seen: seen.addresses.join(", ") }]),
      vantage(view),
    ],
  };
}

/** For the checks of data stores, where no HTTP is spoken. */
export function storeSeen(
  view: ContainerView,
  name: "redis" | "database",
): Found<StoreOutcome> | { readonly notRun: Missing } {
  const seen = placeSeen(view, name, "a connection");
  if ("notRun" in seen) return seen;
  const { outcome, summary, evidence } = seen;
  const store = outcome === "server-error" || outcome === "tls-failure" ? "broken" : outcome;
  return { outcome: store, summary, evidence };
}

export const withVantage = (
  view: ContainerView,
  evidence: readonly Evidence[],
): readonly Evidence[] => [...evidence, vantage(view)];
