import { apiUrl, type Target } from "#core/target.ts";
import type { OpenApi, Operation } from "#facts/openapi.ts";

/** The operations whose path takes this model's predictions, in the order of registration. */
export const matchingOperations = (api: OpenApi, target: Target): readonly Operation[] =>
  operationsOf(api, new URL(apiUrl(target, "predict")).pathname);

/** Those that take a path, with or without the prefix under which the API is published. */
export function operationsOf(api: OpenApi, whole: string): readonly Operation[] {
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
