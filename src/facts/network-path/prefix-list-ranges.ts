import type { GroupRule, SecurityGroup } from "#core/ports/aws.ts";

/** The groups with the ranges of known prefix lists in place of the lists; unknown lists stay as they are. */
export function withLists(
  groups: readonly SecurityGroup[],
  lists: Readonly<Record<string, readonly string[]>>,
): readonly SecurityGroup[] {
  const spelt = (rule: GroupRule): GroupRule => ({
    ...rule,
    cidrs: [...rule.cidrs, ...rule.prefixLists.flatMap((id) => lists[id] ?? [])],
    prefixLists: rule.prefixLists.filter((id) => lists[id] === undefined),
  });
  return groups.map((group) => ({
    ...group,
    ingress: group.ingress.map(spelt),
    egress: group.egress.map(spelt),
  }));
}
