import type { Change } from "#core/finding.ts";
import type { EcsService, ServiceDeployment, TrailEvent } from "#core/ports/aws.ts";
import type { RevisionDifference } from "./revision-difference.ts";

const minuteMs = 60_000;
/** ECS starts a deployment within seconds of the call that asks for it. */
const sameMs = minuteMs;
/** A pipeline registers a revision and then deploys it. */
const pipelineMs = 10 * minuteMs;

export interface ChangeSources {
  /** Those that touch the service. */
  readonly trail: readonly TrailEvent[];
  readonly deployments: readonly ServiceDeployment[];
  readonly service: Pick<EcsService, "deployments"> | null;
  readonly revision: RevisionDifference | null;
  /** Where it is not the API's own: the dependency that the service stands behind, and its name in ECS. */
  readonly behind?: { readonly dependency: string; readonly service: string };
}

/**
 * What was changed, newest first. A release is one change, although the trail has two calls of it and ECS a
 * deployment; a deployment that nobody asked for (a rollback, or a trail that is late) is one of its own.
 */
export function changesOf(sources: ChangeSources): readonly Change[] {
  const { trail, deployments, service, revision, behind } = sources;
  const whose = behind === undefined ? "" : `${behind.dependency}'s service `;
  const updates = trail.flatMap((event) => {
    const deployed = event.name === "UpdateService" ? revisionIn(event) : null;
    return deployed === null ? [] : [{ event, deployed }];
  });
  const belongs = (at: string | null): boolean =>
    updates.some(({ event }) => apart(event.at, at) <= sameMs);
  const isStep = (event: TrailEvent): boolean =>
    event.name === "RegisterTaskDefinition" &&
    updates.some(
      (update) =>
        (revisionIn(event) ?? update.deployed) === update.deployed &&
        update.event.at >= event.at &&
        apart(update.event.at, event.at) <= pipelineMs,
    );
  const difference = (deployed: string | null, status: string): string | null => {
    const own = deployed !== null && deployed === revision?.revision ? revision.difference : null;
    const parts = [
      own,
      ...endings.filter(([word]) => status.startsWith(word)).map(([, end]) => end),
    ];
    return parts.filter((part) => part !== null).join("; ") || null;
  };
  const change = (at: string, by: string | null, what: string, how: string | null): Change => ({
    at,
    by,
    what,
    difference: how,
    linked: false,
    likelihoodRatio: null,
  });

  const wordsOf = (event: TrailEvent): string => {
    if (behind === undefined) return eventWords(event);
    const [, count] = /^desired count (\d+)$/u.exec(event.details?.join() ?? "") ?? [];
    return event.name === "UpdateService" && count !== undefined
      ? `${whose}${behind.service} was scaled to ${count}`
      : `${whose}${behind.service}: ${eventWords(event)}`;
  };

  return [
    ...updates.map(({ event, deployed }) => {
      const status = deployments.find((one) => apart(one.createdAt, event.at) <= sameMs)?.status;
      const how = difference(deployed, status ?? "");
      return change(event.at, event.by, `${whose}${deployed} was deployed`, how);
    }),
    ...trail
      .filter((event) => !updates.some((update) => update.event === event) && !isStep(event))
      .map((event) => change(event.at, event.by, wordsOf(event), null)),
    ...deployments.flatMap(({ createdAt, status }) => {
      if (createdAt === null || belongs(createdAt)) return [];
      const own = service?.deployments.find((one) => apart(one.createdAt, createdAt) <= sameMs);
      const deployed = own === undefined ? null : shortRevision(own.taskDefinition);
      const what = `${whose}${deployed ?? "a revision"} was deployed`;
      return [change(createdAt, null, what, difference(deployed, status))];
    }),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
}

const apart = (a: string | null, b: string | null): number =>
  a === null || b === null ? Infinity : Math.abs(Date.parse(a) - Date.parse(b));

/** How a deployment ended, by its status in ECS, where that is news. */
const endings = [
  ["ROLLBACK", "rolled back since"],
  ["STOPPED", "stopped since"],
] as const;

/** "arn:...:task-definition/api:43", "api:43" -> "api:43"; null where the event names no revision. */
const revisionIn = (event: TrailEvent): string | null => {
  const named = event.resources.find((one) => /(?:^|task-definition\/)[\w-]+:\d+$/u.test(one));
  return named === undefined ? null : shortRevision(named);
};

const shortRevision = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** "RevokeSecurityGroupEgress sg-0a1b (tcp 443 0.0.0.0/0)". */
const eventWords = (event: TrailEvent): string => {
  const [resource = ""] = event.resources;
  const details = event.details?.join(", ") ?? "";
  return `${event.name} ${shortName(resource)}`.trim() + (details === "" ? "" : ` (${details})`);
};

/** "arn:aws:ecs:us-east-1:1:service/main/api" -> "service/main/api". */
const shortName = (resource: string): string =>
  resource.startsWith("arn:") ? resource.split(":").slice(5).join(":") : resource;
