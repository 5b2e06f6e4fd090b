import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import { isRecord, jsonOf, seenLine } from "#core/observation.ts";
import { bodyProblems, type BodyProblem } from "./openapi/body-problems.ts";
import type { HttpObservation, HttpRequest } from "#core/ports/probe.ts";

export interface Operation {
  /** "/api/v1/models/{model_id}/predict" */
  readonly path: string;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string | null;
  }[];
  readonly operationIds: readonly string[];
  /** Where the catalogue's body does not fit the schema of its POST; null where there is none to read. */
  readonly bodyProblems?: readonly BodyProblem[] | null;
}

export interface OpenApi {
  /** In the order in which the application registered them, which is the order of matching. */
  readonly operations: readonly Operation[];
  /** Path prefixes of `servers`, such as "/api"; they are not part of the paths. */
  readonly prefixes: readonly string[];
}

/** The routes as the running application publishes them: a static look at conflicts, with no prediction. */
export const openapi = defineFact({
  id: "openapi",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: async ({ ports, target, signal, runId }): Promise<OpenApi> => {
    const { service } = target;
    const request: HttpRequest = {
      url: service.api.openapi,
      method: "GET",
      runId,
      timeoutMs: 2_800,
      bodyLimit: 2_000_000,
    };
    // Side by side, because one after the other may outlast the fast verdict.
    const [bare, keyed] = await Promise.all([
      ports.probe.http(request, signal),
      ports.probe.keyState(service) === "configured"
        ? ports.probe.http({ ...request, key: { service: service.id, kind: "scoped" } }, signal)
        : null,
    ]);
    const refused = ({ status }: HttpObservation): boolean => status === 401 || status === 403;
    const seen = refused(bare) && keyed !== null ? keyed : bare;
    if (refused(seen)) {
      throw new FactUnavailable({
        reason: "denied",
        detail: `openapi.json: ${seenLine(seen)}`,
        mend: "let the scoped key read openapi.json, or publish it",
        availability: "never",
      });
    }
    const document = seen.status === 200 ? jsonOf(seen) : undefined;
    if (!isRecord(document) || !isRecord(document["paths"])) {
      throw new FactUnavailable({
        reason: "broken",
        detail: `openapi.json: ${seenLine(seen)}`,
        mend: "see edge/reach and api/health, or correct api.openapi",
      });
    }
    return {
      operations: readOperations(document, target.prediction.body),
      prefixes: readPrefixes(document["servers"]),
    };
  },
});

const verbs = ["get", "post", "put", "patch", "delete", "options", "head", "trace"];
const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 200) : "");
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const readOperations = (
  document: Readonly<Record<string, unknown>>,
  body: unknown,
): readonly Operation[] =>
  Object.entries(document["paths"] ?? {}).flatMap(([path, item]) => {
    if (!isRecord(item)) return [];
    const operations = verbs.map((verb) => item[verb]).filter(isRecord);
    const parameters = [
      ...list(item["parameters"]),
      ...operations.flatMap((operation) => list(operation["parameters"])),
    ];
    const seen = new Set<string>();
    return [
      {
        path,
        methods: verbs.filter((verb) => isRecord(item[verb])).map((verb) => verb.toUpperCase()),
        operationIds: operations
          .map((operation) => text(operation["operationId"]))
          .filter((id) => id !== ""),
        bodyProblems: isRecord(item["post"])
          ? bodyProblems(item["post"], document["components"], body)
          : null,
        parameters: parameters.flatMap((parameter) => {
          if (
            !isRecord(parameter) ||
            parameter["in"] !== "path" ||
            seen.has(text(parameter["name"]))
          )
            return [];
          seen.add(text(parameter["name"]));
          const schema = isRecord(parameter["schema"]) ? parameter["schema"] : {};
          return [
            {
              name: text(parameter["name"]),
              type: text(schema["type"]),
              format: text(schema["format"]) || null,
            },
          ];
        }),
      },
    ];
  });

const readPrefixes = (servers: unknown): readonly string[] =>
  list(servers).flatMap((server) => {
    const url = isRecord(server) ? text(server["url"]) : "";
    const path = url.startsWith("/") ? url : URL.canParse(url) ? new URL(url).pathname : "";
    return path.length > 1 ? [path.replace(/\/$/u, "")] : [];
  });
