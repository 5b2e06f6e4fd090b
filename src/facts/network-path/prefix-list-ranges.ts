import type { GroupRule, SecurityGroup } from "#core/ports/aws.ts";

/** Whether what the groups let through depends on a managed prefix list. */
export const namesLists = (groups: readonly SecurityGroup[]): boolean =>
  groups.some((group) =>
    [...group.ingress, ...group.egress].some((rule) => rule.prefixLists.length > 0),
  );

export interface ReadRule extends GroupRule {
  /** Prefix lists whose ranges are among `cidrs`. */
  readonly readLists?: readonly string[];
}

export interface ReadGroup extends SecurityGroup {
  readonly ingress: readonly ReadRule[];
  readonly egress: readonly ReadRule[];
}

/** The groups with the ranges of known prefix lists in place of the lists; unknown lists stay as they are. */
export function withLists(
  groups: readonly SecurityGroup[],
  lists: Readonly<Record<string, readonly string[]>>,
): readonly ReadGroup[] {
  const spelt = (rule: GroupRule): ReadRule => ({
    ...rule,
    cidrs: [...rule.cidrs, ...rule.prefixLists.flatMap((id) => lists[id] ?? [])],
    prefixLists: rule.prefixLists.filter((id) => lists[id] === undefined),
    readLists: rule.prefixLists.filter((id) => lists[id] !== undefined),
  });
  return groups.map((group) => ({
    ...group,
    ingress: group.ingress.map(spelt),
    egress: group.egress.map(spelt),
  }));
}
