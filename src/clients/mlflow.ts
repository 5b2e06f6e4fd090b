import type { Secrets } from "#core/config.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import { familyOf, isRecord, jsonOf, seenLine } from "#core/observation.ts";
import type { DependencyPorts, RegistryObservation } from "#core/ports/dependencies.ts";
import type { Outbound } from "./probe/index.ts";

/** MLflow's REST interface, `registered-models/get` (mlflow.org, REST API 2.0). */
export function createMlflow(outbound: Outbound, secrets: Secrets): DependencyPorts["registry"] {
  return {
    model: async (service, runId, signal): Promise<RegistryObservation> => {
      const { registry } = service.dependencies;
      if (registry?.model == null) {
        throw notApplicable(
          "no model registry is configured",
          "set dependencies.registry (url, model) on the service in hokusai.yaml",
        );
      }
      const token = registry.token === null ? undefined : secrets(registry.token);
      const mark = outbound.mark(runId);
      const seen = await outbound.send(
        {
          url: `${registry.url.replace(/\/$/u, "")}/api/2.0/mlflow/registered-models/get?name=${encodeURIComponent(registry.model)}`,
          method: "GET",
          timeoutMs: 2_800,
          connectTimeoutMs: 2_400,
          bodyLimit: 50_000,
          headers: {
            accept: "application/json",
            ...mark.headers,
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          requestId: mark.requestId,
          used: "none",
        },
        signal,
      );
      const body = jsonOf(seen);
      const isMlflow =
        seen.status === 404
          ? isRecord(body) && body["error_code"] === "RESOURCE_DOES_NOT_EXIST"
          : seen.status !== 200 || (isRecord(body) && isRecord(body["registered_model"]));
      // A page that says 200 is no registry without versions.
      if (!isMlflow) {
        throw new FactUnavailable({
          reason: "broken",
          detail: `the registry's address serves no MLflow: ${seenLine(seen)}`,
          mend: "correct dependencies.registry.url",
        });
      }
      if (familyOf(seen) === "name" && outbound.connector.vantage === "internet") {
        throw notApplicable(
          "the registry's name is not known on the internet",
          "run the bot in the VPC (network.vantage: vpc)",
        );
      }
      return {
        model: registry.model,
        answer: { ...seen, body: "" },
        latest: seen.status === 200 ? newest(body) : null,
      };
    },
  };
}

function newest(body: unknown): RegistryObservation["latest"] {
  const model = isRecord(body) ? body["registered_model"] : undefined;
  const versions =
    isRecord(model) && Array.isArray(model["latest_versions"])
      ? (model["latest_versions"] as unknown[])
      : [];
  const [first] = versions
    .filter(isRecord)
    .toSorted((a, b) => Number(b["version"]) - Number(a["version"]));
  const text = (value: unknown): string =>
    typeof value === "string" || typeof value === "number" ? String(value).slice(0, 100) : "";
  return first === undefined
    ? null
    : {
        version: text(first["version"]),
        stage: text(first["current_stage"]) || "None",
        status: text(first["status"]),
      };
}
