import type { Change } from "#core/finding.ts";
import type { TrailEvent } from "#core/ports/aws.ts";
import type { DependencyService } from "../dependency-deployments.ts";
import { changesOf } from "./changes-of.ts";
import { otherRevisionDifference } from "./revision-difference.ts";
import { touchingService } from "./touching.ts";

/**
 * What was changed of the ECS service behind a dependency, newest first: deployments, and what the trail
 * has of it. `since`: how far back changes are known, in milliseconds since the epoch.
 */
export function dependencyChanges(
  one: DependencyService,
  trail: readonly TrailEvent[],
  since: number,
): readonly Change[] {
  const { dependency, service, described, deployments, revisions } = one;
  const family = revisions?.current?.family ?? "";
  return changesOf({
    trail: touchingService(trail, [service, family]),
    deployments: (deployments ?? []).filter(
      ({ createdAt }) => createdAt !== null && Date.parse(createdAt) >= since,
    ),
    service: described,
    revision: revisions === null ? null : otherRevisionDifference(revisions),
    behind: { dependency, service },
  });
}
