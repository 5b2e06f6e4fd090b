import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import type { Change, Evidence } from "#core/finding.ts";
import { dependencyChanges } from "#facts/changes/dependency-changes.ts";
import { windowNear } from "#facts/changes/link.ts";
import { dependencyDeployments, type DependencyService } from "#facts/dependency-deployments.ts";
import { logHistory } from "#facts/log-history.ts";
import { requestHistory } from "#facts/request-history.ts";
import { runOnset } from "#facts/request-history/request-courses.ts";
import { trailEvents } from "#facts/trail-events.ts";
import { dependencyConsole } from "../console.ts";
import { distance, whatWords } from "./change-words.ts";

/** As far back as the audit trail is read (trail-events): an older change is not set beside what it tells. */
const dayMs = 24 * 60 * 60_000;

/** Of several services the worst is said first; a service that was not seen is never "none". */
export const dependencies = defineCheck({
  id: "changes/dependencies",
  question: "Was a dependency's own service changed, or is it not running?",
  needs: { services: dependencyDeployments },
  optional: { trail: trailEvents, history: logHistory, requests: requestHistory },
  outcomes: {
    none: ok(
      "The ECS services behind the dependencies run, and none was deployed shortly before errors began or in the last two hours.",
    ),
    changed: degraded(
      "The service behind a dependency was changed shortly before errors began, or in the last two hours.",
      "Ask who deployed it; where its time and what fails fit, have its previous revision deployed again.",
    ),
    "rollout-failed": degraded(
      "The newest deployment of a dependency's service failed or was rolled back: what runs is not what was deployed.",
      "Tell whoever deployed it; see the dependency's own check for whether it answers now.",
    ),
    "not-running": failing(
      "The service behind a dependency runs no task: nobody answers the API there.",
      "Set its desired count again, or find out why its tasks stop: its service events in the console say.",
    ),
    "not-found": degraded(
      "The cluster has no active service of the name that the catalogue has for a dependency.",
      "It was deleted, or hokusai.yaml is behind: compare dependencies.*.ecs with the console.",
    ),
  },
  noise: "read",
  consoleLink: dependencyConsole,
  judge({ services, trail, history, requests }, { now }) {
    const onset = runOnset(history, requests)?.onset ?? null;
    const window = windowNear(onset, now);
    const isNear = ({ at }: Pick<Change, "at">): boolean =>
      Date.parse(at) >= window.from && Date.parse(at) <= window.to;
    const said = (change: Change): string =>
      `${utcTime(Date.parse(change.at), now)} ${whatWords(change)}`;
    const lead = (change: Change): string =>
      onset === null ? "" : `, ${distance(change, Date.parse(onset.at))}`;
    const when = (change: Change): string => said(change) + lead(change);
    const since = (change: Change): string =>
      change.what.endsWith("was scaled to 0")
        ? `, since ${utcTime(Date.parse(change.at), now)}${change.by === null ? "" : ` by ${change.by}`}${lead(change)}`
        : `; last change: ${when(change)}`;

    const looks = services.map((service) => {
      const changes = dependencyChanges(service, trail?.events ?? [], now - dayMs);
      return { service, changes, near: changes.filter(isNear) };
    });
    const evidence = looks.flatMap(({ service, changes }): Evidence[] => [
      { label: nameOf(service), ...countsOf(service) },
      ...changes.slice(0, 3).map((change) => ({
        label: utcTime(Date.parse(change.at), now),
        seen: whatWords(change),
      })),
    ]);
    const known = looks.flatMap(({ service, ...look }) =>
      service.described === null ? [] : [{ ...look, service, described: service.described }],
    );

    const idle = known.find(({ described }) => described.running === 0);
    if (idle !== undefined) {
      const { service, described, changes } = idle;
      const [last] = changes;
      const state =
        described.desired === 0
          ? "is scaled to zero"
          : `runs none of the ${described.desired} tasks that it should`;
      const who = last === undefined ? "" : since(last);
      return found("not-running", `${nameOf(service)} ${state}${who}`, evidence);
    }
    for (const { service, described, near } of known) {
      const ended = failedRollout(service, isNear);
      if (ended === null) continue;
      const runs = revisionOf(described.taskDefinition);
      const tried = near[0] === undefined ? "" : `; ${when(near[0])}`;
      const what = `${nameOf(service)}: its newest deployment ${ended}, ${runs} runs${tried}`;
      return found("rollout-failed", what, evidence);
    }
    const [first] = known.flatMap(({ near }) => near);
    if (first !== undefined) return found("changed", when(first), evidence);
    const lost = services.find(
      ({ described, unseen }) => described === null && unseen.length === 0,
    );
    if (lost !== undefined) {
      const what = `${nameOf(lost)} is not in cluster ${lost.cluster}`;
      return found("not-found", what, evidence);
    }
    const [unseen] = services.flatMap((service) => service.unseen);
    if (unseen !== undefined) return { notRun: unseen };
    const seen = known.map(({ service }) => `${nameOf(service)}: ${countsOf(service).seen}`);
    return found("none", `${seen.join("; ")}; not changed`, evidence);
  },
});

/** "auth's service hokusai-auth-development". */
const nameOf = ({ dependency, service }: DependencyService): string =>
  `${dependency}'s service ${service}`;

const revisionOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

function countsOf({ described, unseen }: DependencyService): Omit<Evidence, "label"> {
  if (described === null)
    return { seen: unseen[0] === undefined ? "no such service" : `not seen: ${unseen[0].detail}` };
  const { running, desired, taskDefinition } = described;
  return { seen: `${running} of ${desired} tasks, ${revisionOf(taskDefinition)}` };
}

/** How the newest deployment failed; null where it did not, or where that is no news any more. */
function failedRollout(
  { described, deployments }: DependencyService,
  isNews: (change: Pick<Change, "at">) => boolean,
): string | null {
  const primary = described?.deployments.find((one) => one.status === "PRIMARY");
  if (primary?.rollout === "FAILED") return "failed";
  const last = deployments?.[0];
  const at = last?.finishedAt ?? last?.createdAt ?? null;
  if (last === undefined || at === null || !isNews({ at })) return null;
  if (last.status.startsWith("ROLLBACK")) return "was rolled back";
  return last.status === "STOPPED" ? "was stopped" : null;
}
