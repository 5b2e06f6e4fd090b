import type { RequiredVariable } from "#core/config.ts";
import type { Target } from "#core/target.ts";
import type { Wording } from "./kinds.ts";

/** What lines about this target look like: its paths, its dependencies' hosts, its variables. */
export function wordingOf(target: Target): Wording {
  const { api, dependencies, ecs } = target.service;
  const base = new URL(api.url).pathname.replace(/\/$/u, "");
  const path = (name: keyof typeof api.paths, id: string): string =>
    escape(base + api.paths[name]).replaceAll("\\{id\\}", id);
  return {
    anyPredict: new RegExp(`^${path("predict", "[^/\\s]+")}/?$`, "u"),
    thisModel: new RegExp(
      `${path("predict", escape(target.id))}\\b|\\bmodels?[ /_=:#"']{1,4}${escape(target.id)}\\b|\\bmodel_id\\W{1,4}${escape(target.id)}\\b`,
      "iu",
    ),
    authHost: hostOf(dependencies.auth?.url ?? null),
    redis: dependencies.redis?.host ?? null,
    database: dependencies.database?.host ?? null,
    hubHost: hostOf(dependencies.hub?.url ?? null),
    variables: variableNames(ecs.requiredVariables),
  };
}

export const variableNames = (required: readonly RequiredVariable[]): readonly string[] => [
  ...new Set(required.flatMap((one) => (typeof one === "string" ? [one] : one.anyOf.flat()))),
];

const hostOf = (url: string | null): string | null => (url === null ? null : new URL(url).hostname);
const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
