import { defineCheck, degraded, found, ok } from "#core/check.ts";
import type { Target } from "#core/target.ts";
import { ecsDeployments } from "#facts/ecs-deployments.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { toEcrImage } from "#facts/image/ecr-image.ts";
import { logHistory } from "#facts/log-history.ts";
import { stepChange } from "#facts/log-history/step-change.ts";
import { networkAcls } from "#facts/network-acls.ts";
import { routeTables } from "#facts/route-tables.ts";
import { securityGroups } from "#facts/security-groups.ts";
import { targetGroups } from "#facts/target-groups.ts";
import { mainContainer } from "#facts/task-definition/main-container.ts";
import { trailEvents } from "#facts/trail-events.ts";
import { trailConsole } from "../console.ts";

const minuteMs = 60_000;
/** A deployment takes effect after its tasks have come up. */
const rolloutLagMs = 10 * minuteMs;
/** Without an onset, what happened in this time is worth a look. */
const newsMs = 2 * 60 * minuteMs;

interface Change {
  readonly at: string;
  readonly what: string;
}

export const recent = defineCheck({
  id: "changes/recent",
  question: "What changed before it began?",
  needs: { trail: trailEvents },
  optional: {
    history: logHistory,
    deployments: ecsDeployments,
    service: ecsService,
    groups: securityGroups,
    targetGroups,
    acls: networkAcls,
    routes: routeTables,
    definition: ecsTaskDefinition,
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
    {
      trail,
      history,
      deployments,
      service,
      groups,
      targetGroups: balanced,
      acls,
      routes,
      definition,
    },
    { target, now },
  ) {
    const container = mainContainer(definition?.current ?? null, target);
    const ids = namesOf(target, [
      ...(acls ?? []).map((acl) => acl.id),
      ...(routes ?? []).flatMap((table) => [table.id, ...table.routes.map((route) => route.via)]),
      ...(container?.secrets ?? []).flatMap(({ from }) => [from, secretName(from)]),
      toEcrImage(container?.image ?? "")?.repository ?? "",
      ...(service?.registries ?? []),
      ...(service?.registries ?? []).map((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
      ...(groups ?? []).map((group) => group.id),
      ...(balanced ?? []).flatMap((group) => [group.arn, group.name]),
      service?.arn ?? "",
    ]);
    const changes: readonly Change[] = [
      ...trail.events
        .filter(
          (event) =>
            event.resources.length === 0 ||
            event.resources.some((resource) => ids.some((id) => touches(resource, id))),
        )
        .map((event) => ({
          at: event.at,
          what: `${event.name} ${shortName(event.resources[0] ?? "")} by ${event.by ?? "unknown"}`,
        })),
      ...(deployments ?? []).flatMap((one) =>
        one.createdAt === null ? [] : [{ at: one.createdAt, what: `deployment, ${one.status}` }],
      ),
    ].toSorted((a, b) => b.at.localeCompare(a.at));

    const step = history === undefined ? null : stepChange(history.counts);
    const began =
      history === undefined || step === null ? null : Date.parse(history.from) + step.at * minuteMs;
    const [from, to] =
      history === undefined || step === null
        ? [now - newsMs, now]
        : [
            Date.parse(history.from) + (step.low - 1) * minuteMs - rolloutLagMs,
            Date.parse(history.from) + (step.high + 1) * minuteMs,
          ];
    const near = changes.filter(
      (change) => Date.parse(change.at) >= from && Date.parse(change.at) <= to,
    );
    const evidence = (near.length > 0 ? near : changes)
      .slice(0, 8)
      .map((change) => ({ label: change.at, seen: change.what }));
    const newest = near[0];
    const partly = trail.complete ? "" : "; the trail was read in part";
    if (newest === undefined) {
      const seen =
        began === null ? "no change in the last two hours" : "no change before errors began";
      return found("none", `${seen}${partly}`, evidence);
    }
    const lead = began === null ? "" : `, ${distance(Date.parse(newest.at), began)}`;
    return found("changed", `${newest.at.slice(11, 16)}Z ${newest.what}${lead}${partly}`, evidence);
  },
});

/** "arn:aws:secretsmanager:...:secret:prod/redis-a1b2c3" -> "prod/redis". */
const secretName = (arn: string): string =>
  (arn.split(":secret:")[1] ?? "").split(":")[0]?.replace(/-\w{6}$/u, "") ?? "";

const distance = (change: number, began: number): string => {
  const minutes = Math.round((began - change) / minuteMs);
  if (Math.abs(minutes) <= 1) return "when complaints began";
  return minutes > 0
    ? `${minutes} min before complaints began`
    : `${-minutes} min after complaints began`;
};

/** "arn:aws:ecs:us-east-1:1:service/main/api" -> "service/main/api". */
const shortName = (resource: string): string =>
  resource.startsWith("arn:") ? resource.split(":").slice(5).join(":") : resource;

const namesOf = (target: Target, more: readonly string[]): readonly string[] => {
  const { service } = target;
  return [
    service.ecs.service,
    service.ecs.cluster,
    service.logs.group,
    ...service.loadBalancers,
    ...more,
  ].filter((id) => id !== "" && id !== "local");
};

/** "app/hokusai-main/0123" touches "hokusai-main"; "hokusai-main-2" does not. */
const touches = (resource: string, id: string): boolean =>
  resource === id ||
  resource.split(/[/:]/u).includes(id) ||
  resource.includes(`/${id}/`) ||
  resource.startsWith(`${id}:`);
