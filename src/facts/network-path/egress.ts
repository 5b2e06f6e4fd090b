import { cannotTell, found, type Judgement } from "#core/check.ts";
import type { ValueOf } from "#core/fact.ts";
import type { NetworkAcl, RouteTable, SecurityGroup, Subnet } from "#core/ports/aws.ts";
import type { DependencyEnd } from "../dependency-ends.ts";
import type { networkInterfaces, TaskPlace } from "../network-interfaces.ts";
import { isPrivate } from "./cidr.ts";
import { withLists } from "./prefix-list-ranges.ts";
import { endOfTask, type Step } from "./inbound.ts";
import {
  ephemeral,
  throughAcl,
  throughGroups,
  throughRoutes,
  type End,
  type Hop,
} from "./reach.ts";

export interface EgressFacts {
  readonly interfaces: ValueOf<typeof networkInterfaces>;
  readonly groups: readonly SecurityGroup[];
  readonly acls: readonly NetworkAcl[] | undefined;
  readonly routes: readonly RouteTable[] | undefined;
  readonly subnets: readonly Subnet[] | undefined;
  /** Ranges by prefix list; one that is not here makes its rule undecidable. */
  readonly lists: Readonly<Record<string, readonly string[]>> | undefined;
}

export type EgressOutcome = "allowed" | "blocked-by-group" | "blocked-by-acl" | "no-route";
type EgressStep = Omit<Step, "kind"> & { readonly kind: Step["kind"] | "route" };

/** The way from every task to a dependency: groups out (and in, where it is ours), ACLs both ways, the route. */
export function judgeEgress(
  end: DependencyEnd | null,
  facts: EgressFacts,
): Judgement<EgressOutcome> {
  if (end === null) {
    return cannotTell(
      "the catalogue does not name this dependency's host",
      "name it under dependencies in hokusai.yaml",
    );
  }
  const { tasks } = facts.interfaces;
  if (tasks.length === 0)
    return cannotTell("it is not known where tasks would run", "see ecs/service-running");
  const steps = tasks.flatMap((task) => stepsOf(task, end, facts));
  const place = `${end.host}:${end.port}`;
  const evidence = [
    {
      label: "to",
      seen: `${place} ${end.addresses.length === 0 ? "(address not known from here)" : `at ${end.addresses.join(", ")}`}`,
    },
    ...steps
      .slice(0, 12)
      .map((step) => ({ label: step.label, seen: `${step.verdict}: ${step.by}` })),
  ];
  const blocked = steps.find((step) => step.verdict === "blocked");
  if (blocked !== undefined) {
    const outcome =
      blocked.kind === "route"
        ? "no-route"
        : blocked.kind === "acl"
          ? "blocked-by-acl"
          : "blocked-by-group";
    return found(outcome, `task -> ${place} is blocked: ${blocked.by}`, evidence);
  }
  const unclear = steps.find((step) => step.verdict === "undecidable");
  if (unclear !== undefined) {
    return cannotTell(`task -> ${place} depends on ${unclear.by}`, "read that rule in the console");
  }
  const unseen = [
    facts.acls === undefined ? "network ACLs" : "",
    facts.routes === undefined ? "routes" : "",
  ].filter((one) => one !== "");
  const note = unseen.length === 0 ? "" : `; ${unseen.join(" and ")} not seen`;
  return found(
    "allowed",
    `task -> ${place} is let through: ${steps[0]?.by ?? ""}${note}`,
    evidence,
  );
}

function stepsOf(task: TaskPlace, end: DependencyEnd, facts: EgressFacts): readonly EgressStep[] {
  const subnets = facts.subnets ?? [];
  const to: End = {
    name: end.host,
    ranges: end.addresses.filter((one) => !one.includes(":")),
    groups: end.groups,
  };
  const from = endOfTask(task, subnets);
  const port = { from: end.port, to: end.port };
  const own = (ids: readonly string[]): readonly SecurityGroup[] =>
    withLists(facts.groups, facts.lists ?? {}).filter((one) => ids.includes(one.id));
  const acl = facts.acls?.find((one) => one.subnets.includes(task.subnet));
  const step = (kind: EgressStep["kind"], label: string, hop: Hop): EgressStep => ({
    kind,
    label,
    ...hop,
  });
  const address = to.ranges[0] ?? null;
  const known = address !== null && isPrivate(address) ? address : null;
  return [
    step("group", `${from.name} out`, throughGroups(own(task.groups), "egress", to, end.port)),
    ...(end.groups === null || end.groups.length === 0
      ? []
      : [
          step(
            "group",
            `${end.host} in`,
            throughGroups(own(end.groups), "ingress", from, end.port),
          ),
        ]),
    ...(acl === undefined
      ? []
      : [
          step("acl", `subnet of ${from.name}, out`, throughAcl(acl, true, to, port)),
          step("acl", `subnet of ${from.name}, answers in`, throughAcl(acl, false, to, ephemeral)),
        ]),
    ...(facts.routes === undefined || (address === null && isLocalName(end.host))
      ? []
      : [
          step(
            "route",
            `route of ${task.subnet}`,
            throughRoutes(facts.routes, task.subnet, known ?? address, task.publicIp),
          ),
        ]),
  ];
}

/** Names that only exist inside: without an address, "to the internet" would be the wrong question. */
const isLocalName = (host: string): boolean => /\.(?:local|internal|amazonaws\.com)$/u.test(host);
