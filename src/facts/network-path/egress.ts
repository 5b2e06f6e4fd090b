import { cannotTell, found, lacks, type Judgement } from "#core/check.ts";
import type { Values } from "#core/fact.ts";
import { dependencyAcls } from "../dependency-acls.ts";
import { dependencyEnds, type DependencyEnd } from "../dependency-ends.ts";
import { networkAcls } from "../network-acls.ts";
import { networkInterfaces } from "../network-interfaces.ts";
import { prefixLists } from "../prefix-lists.ts";
import { routePrefixLists } from "../route-prefix-lists.ts";
import { routeTables } from "../route-tables.ts";
import { securityGroups } from "../security-groups.ts";
import { subnets } from "../subnets.ts";
import { withLists } from "./prefix-list-ranges.ts";
import { wayOut } from "./way-out.ts";

export const egressNeeds = {
  interfaces: networkInterfaces,
  groups: securityGroups,
  ends: dependencyEnds,
};
/** What is refused can be told without some of them; what is let through cannot. */
export const egressOptional = {
  acls: networkAcls,
  farAcls: dependencyAcls,
  routes: routeTables,
  subnets,
  lists: prefixLists,
  routeLists: routePrefixLists,
};
type EgressFacts = Values<typeof egressNeeds> & Partial<Values<typeof egressOptional>>;

export type EgressOutcome = "allowed" | "blocked-by-group" | "blocked-by-acl" | "no-route";

const outcomeOf = {
  group: "blocked-by-group",
  acl: "blocked-by-acl",
  route: "no-route",
} as const;

/** The way from every task to a dependency: groups out (and in, where it is ours), ACLs both ways, the route. */
export function judgeEgress(
  end: DependencyEnd | null,
  facts: EgressFacts,
): Judgement<EgressOutcome, keyof typeof egressOptional> {
  if (end === null) {
    return cannotTell(
      "the catalogue does not name this dependency's host",
      "name it under dependencies in hokusai.yaml",
    );
  }
  const { tasks } = facts.interfaces;
  if (tasks.length === 0)
    return cannotTell("it is not known where tasks would run", "see ecs/service-running");
  const steps = tasks.flatMap((task) =>
    wayOut(task, end, {
      groups: withLists(facts.groups, facts.lists ?? {}),
      acls: [...(facts.acls ?? []), ...(facts.farAcls ?? [])],
      tables: facts.routes ?? null,
      lists: facts.routeLists ?? {},
      subnets: facts.subnets ?? [],
    }),
  );
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
    return found(outcomeOf[blocked.kind], `task -> ${place} is blocked: ${blocked.by}`, evidence);
  }
  if (facts.acls === undefined) return lacks("acls");
  if (facts.farAcls === undefined && end.subnets.length > 0) return lacks("farAcls");
  if (facts.routes === undefined) return lacks("routes");
  const unclear = steps.find((step) => step.verdict === "undecidable");
  if (unclear !== undefined) {
    if (unclear.kind === "group" && facts.lists === undefined) return lacks("lists");
    if (unclear.kind === "route" && facts.routeLists === undefined) return lacks("routeLists");
    return cannotTell(`task -> ${place} depends on ${unclear.by}`, "read that rule in the console");
  }
  return found("allowed", `task -> ${place} is let through: ${steps[0]?.by ?? ""}`, evidence);
}
