/** `Filter.1.Value.2=x` as nested objects and lists; leaves stay strings. */
export type QueryValue = string | QueryValue[] | { [key: string]: QueryValue };

interface Branch {
  leaf?: string;
  readonly children: Map<string, Branch>;
}

/** Form fields of the Query and EC2 protocols to the members they encode (Action, Version left out). */
export const toQueryInput = (form: URLSearchParams): Record<string, QueryValue> => {
  const root: Branch = { children: new Map() };
  for (const [name, value] of form) {
    if (name === "Action" || name === "Version") continue;
    let branch = root;
    for (const part of name.split(".")) {
      const next = branch.children.get(part) ?? { children: new Map<string, Branch>() };
      branch.children.set(part, next);
      branch = next;
    }
    branch.leaf = value;
  }
  const input: Record<string, QueryValue> = {};
  for (const [key, branch] of root.children) input[key] = toValue(branch);
  return input;
};

const toValue = (branch: Branch): QueryValue => {
  if (branch.children.size === 0) return branch.leaf ?? "";
  const keys = [...branch.children.keys()];
  const member = branch.children.get("member");
  if (keys.length === 1 && member !== undefined) return toValue(member);
  if (keys.every((key) => /^\d+$/u.test(key))) {
    return [...branch.children]
      .toSorted(([left], [right]) => Number(left) - Number(right))
      .map(([, child]) => toValue(child));
  }
  return Object.fromEntries([...branch.children].map(([key, child]) => [key, toValue(child)]));
};
