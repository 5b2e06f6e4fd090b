import { apiUrl, type Target } from "#core/target.ts";
import type { OpenApi, Operation } from "#facts/openapi.ts";

/** The operations whose path takes this model's predictions, in the order of registration. */
export function matchingOperations(api: OpenApi, target: Target): readonly Operation[] {
  const whole = new URL(apiUrl(target, "predict")).pathname;
  const paths = [
    whole,
    ...api.prefixes.flatMap((prefix) =>
      whole.startsWith(`${prefix}/`) ? [whole.slice(prefix.length)] : [],
    ),
  ];
  return (
    paths
      .map((path) => api.operations.filter((operation) => matches(operation, path)))
      .find((list) => list.length > 0) ?? []
  );
}

const matches = (operation: Operation, path: string): boolean =>
  new RegExp(
    `^${operation.path
      .split(/(\{[^}]*\})/u)
      .map((part) =>
        part.startsWith("{") ? "[^/]+" : part.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&"),
      )
      .join("")}$`,
    "u",
  ).test(path);
