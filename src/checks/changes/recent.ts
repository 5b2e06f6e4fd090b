import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import { changesOf } from "#facts/changes/changes-of.ts";
import { dependencyChanges } from "#facts/changes/dependency-changes.ts";
import { linked, windowNear } from "#facts/changes/link.ts";
import { revisionDifference } from "#facts/changes/revision-difference.ts";
import { touching } from "#facts/changes/touching.ts";
import { dependencyDeployments, unknownServices } from "#facts/dependency-deployments.ts";
import { ecsDeployments } from "#facts/ecs-deployments.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { logHistory } from "#facts/log-history.ts";
import { networkAcls } from "#facts/network-acls.ts";
import { requestHistory } from "#facts/request-history.ts";
import { runOnset } from "#facts/request-history/request-courses.ts";
import { routeTables } from "#facts/route-tables.ts";
import { securityGroups } from "#facts/security-groups.ts";
import { targetGroups } from "#facts/target-groups.ts";
import { trailEvents } from "#facts/trail-events.ts";
import { trailConsole } from "../console.ts";
import { distance, doubt, whatWords } from "./change-words.ts";

const mostChanges = 20;

/**
 * An axis of its own and no rival of any hypothesis: a change is what triggered a fault, not what is wrong.
 * It is linked to the errors only where its time lies between the earliest onset less the time a roll-out
 * takes and the latest onset, and where so little else is changed that this says something.
 */
export const recent = defineCheck({
  id: "changes/recent",
  question: "What changed before it began?",
  needs: { trail: trailEvents },
  optional: {
    history: logHistory,
    requests: requestHistory,
    deployments: ecsDeployments,
    service: ecsService,
    groups: securityGroups,
    targetGroups,
    acls: networkAcls,
    routes: routeTables,
    definition: ecsTaskDefinition,
    dependencies: dependencyDeployments,
  },
  outcomes: {
    none: ok(
      "No change to what the service rests on, shortly before errors began or in the last two hours.",
    ),
    changed: degraded(
      "Something the service rests on was changed shortly before errors began, or in the last two hours.",
      "Ask who made the change; undo it where its time and kind fit.",
    ),
  },
  noise: "read",
  consoleLink: trailConsole,
  judge(
    { trail, history, requests, deployments, service, dependencies, ...restsOn },
    { target, now },
  ) {
    const revision =
      restsOn.definition === undefined ? null : revisionDifference(restsOn.definition, target);
    const since = Math.min(
      Date.parse(trail.from),
      ...(trail.complete ? [] : trail.events.slice(-1).map(({ at }) => Date.parse(at))),
    );
    const own = changesOf({
      trail: touching(trail.events, target, { service: service ?? null, ...restsOn }),
      deployments: (deployments ?? []).filter(
        ({ createdAt }) => createdAt !== null && Date.parse(createdAt) >= since,
      ),
      service: service ?? null,
      revision,
    });
    const theirs = (dependencies ?? unknownServices(target)).flatMap((one) =>
      dependencyChanges(one, trail.events, since),
    );
    const all = [...own, ...theirs].toSorted((a, b) => b.at.localeCompare(a.at));
    const onset = runOnset(history, requests)?.onset ?? null;
    const window = windowNear(onset, now);
    const near = (onset === null ? all : linked(all, onset, since)).filter(
      ({ at }) => Date.parse(at) >= window.from && Date.parse(at) <= window.to,
    );
    const others = all.filter((change) => !near.some(({ at }) => at === change.at));
    const changes = [...near, ...others].slice(0, mostChanges);
    const evidence = [
      ...(near.length > 0 ? near : others)
        .slice(0, 8)
        .map((change) => ({ label: utcTime(Date.parse(change.at), now), seen: whatWords(change) })),
      ...(revision?.commits == null ? [] : [{ label: "commits", seen: revision.commits }]),
    ];
    const partly = trail.complete ? "" : "; the trail was read in part";
    const first = near[0];
    if (first === undefined) {
      const seen =
        onset === null ? "no change in the last two hours" : "no change before errors began";
      return found("none", `${seen}${partly}`, evidence, { changes });
    }
    const lead = onset === null ? "" : `, ${distance(first, Date.parse(onset.at))}${doubt(first)}`;
    return found(
      "changed",
      `${utcTime(Date.parse(first.at), now)} ${whatWords(first)}${lead}${partly}`,
      evidence,
      { changes },
    );
  },
});
