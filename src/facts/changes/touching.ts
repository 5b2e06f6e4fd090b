import type {
  EcsService,
  NetworkAcl,
  RouteTable,
  SecurityGroup,
  TargetGroup,
  TaskDefinition,
  TrailEvent,
} from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";
import { toEcrImage } from "../image/ecr-image.ts";
import { mainContainer } from "../task-definition/main-container.ts";

/** What a service rests on, as far as it is known. */
export interface RestsOn {
  readonly service?: EcsService | null;
  readonly groups?: readonly SecurityGroup[];
  readonly targetGroups?: readonly TargetGroup[];
  readonly acls?: readonly NetworkAcl[];
  readonly routes?: readonly RouteTable[];
  readonly definition?: { readonly current: TaskDefinition | null };
}

/** The events that name something the service rests on, that first; or nothing at all. */
export function touching(
  events: readonly TrailEvent[],
  target: Target,
  restsOn: RestsOn,
): readonly TrailEvent[] {
  const { cluster } = target.service.ecs;
  const all = namesOf(target, restsOn);
  // Calls of ECS name the cluster of whatever service they are about, and a load balancer may be called like it.
  const ofEcs = all.filter((id) => id !== cluster);
  return events.flatMap((event) => {
    const { name, resources, source } = event;
    const ids = source === "ecs.amazonaws.com" ? ofEcs : all;
    const ours = resources.filter((one) => ids.some((id) => touches(one, id)));
    // Of a stopped task the trail names nothing but the cluster.
    const isOurs =
      resources.length === 0 ||
      ours.length > 0 ||
      (name === "StopTask" && resources.includes(cluster));
    const rest = resources.filter((one) => !ours.includes(one));
    return isOurs ? [{ ...event, resources: [...ours, ...rest] }] : [];
  });
}

/** The events that name the ECS service behind a dependency, or the family that it runs. */
export const touchingService = (
  events: readonly TrailEvent[],
  names: readonly string[],
): readonly TrailEvent[] =>
  events.filter(({ resources }) =>
    resources.some((one) => names.some((name) => name !== "" && touches(one, name))),
  );

function namesOf(
  target: Target,
  { service: described, groups, targetGroups, acls, routes, definition }: RestsOn,
): readonly string[] {
  const { service } = target;
  const container = mainContainer(definition?.current ?? null, target);
  const registries = described?.registries ?? [];
  return [
    service.ecs.service,
    definition?.current?.family ?? "",
    service.logs.group,
    ...service.loadBalancers,
    ...(acls ?? []).map((acl) => acl.id),
    ...(routes ?? []).flatMap((table) => [table.id, ...table.routes.map((route) => route.via)]),
    ...(container?.secrets ?? []).flatMap(({ from }) => [from, secretName(from)]),
    toEcrImage(container?.image ?? "")?.repository ?? "",
    ...registries.flatMap((arn) => [arn, arn.slice(arn.lastIndexOf("/") + 1)]),
    ...(groups ?? []).map((group) => group.id),
    ...(targetGroups ?? []).flatMap((group) => [group.arn, group.name]),
    described?.arn ?? "",
  ].filter((id) => id !== "" && id !== "local");
}

/** "arn:aws:secretsmanager:...:secret:prod/redis-a1b2c3" -> "prod/redis". */
const secretName = (arn: string): string =>
  (arn.split(":secret:")[1] ?? "").split(":")[0]?.replace(/-\w{6}$/u, "") ?? "";

/** "app/hokusai-main/0123" touches "hokusai-main"; "hokusai-main-2" does not. */
const touches = (resource: string, id: string): boolean =>
  resource === id ||
  resource.split(/[/:]/u).includes(id) ||
  resource.includes(`/${id}/`) ||
  resource.startsWith(`${id}:`);
