/** MLflow's registry over REST: registered models and their versions. */
import { sendJson } from "../net/http-host.ts";
import type { Exchange } from "../net/http-host.ts";
import type { Registry, WorldState } from "../world/state.ts";

type Model = Registry["models"][number];

const toVersion = (model: Model, version: Model["versions"][number]): Record<string, unknown> => ({
  name: model.name,
  version: version.version,
  creation_timestamp: version.createdAt,
  last_updated_timestamp: version.createdAt,
  current_stage: version.stage,
  status: version.status,
  run_id: version.runId,
  source: `models:/${model.name}/${version.version}`,
});

const newestPerStage = (model: Model): Record<string, unknown>[] => {
  const newest = new Map(model.versions.map((version) => [version.stage, version]));
  return [...newest.values()].map((version) => toVersion(model, version));
};

const missing = (name: string): { error_code: string; message: string } => ({
  error_code: "RESOURCE_DOES_NOT_EXIST",
  message: `Registered Model with name=${name} not found`,
});

export const answerRegistry = (
  state: WorldState,
  { request, response, url, body }: Exchange,
): void => {
  const { registry } = state;
  if (url.pathname === "/health") {
    response.writeHead(200, { "content-type": "text/plain" });
    response.end("OK");
    return;
  }
  if (registry.mode === "erring") {
    sendJson(response, 500, { error_code: "INTERNAL_ERROR", message: "database is locked" });
    return;
  }
  const prefix = "/api/2.0/mlflow/";
  if (!url.pathname.startsWith(prefix)) {
    sendJson(response, 404, {
      error_code: "ENDPOINT_NOT_FOUND",
      message: `No API found for ${url.pathname}`,
    });
    return;
  }
  if (request.headers.authorization !== `Bearer ${registry.token}`) {
    sendJson(response, 401, {
      error_code: "UNAUTHENTICATED",
      message: "You are not authenticated.",
    });
    return;
  }
  const operation = url.pathname.slice(prefix.length);
  if (operation === "model-versions/search") {
    const name = /name\s*=\s*'([^']*)'/.exec(url.searchParams.get("filter") ?? "")?.[1];
    const found = registry.models.filter((one) => name === undefined || one.name === name);
    sendJson(response, 200, {
      model_versions: found.flatMap((model) =>
        model.versions.map((version) => toVersion(model, version)),
      ),
    });
    return;
  }
  if (operation === "registered-models/search") {
    sendJson(response, 200, { registered_models: registry.models.map(toModel) });
    return;
  }
  const name = url.searchParams.get("name") ?? nameIn(body);
  const model = registry.models.find((one) => one.name === name);
  if (operation === "registered-models/get") {
    if (model === undefined) sendJson(response, 404, missing(name));
    else sendJson(response, 200, { registered_model: toModel(model) });
    return;
  }
  if (operation === "registered-models/get-latest-versions") {
    if (model === undefined) sendJson(response, 404, missing(name));
    else sendJson(response, 200, { model_versions: newestPerStage(model) });
    return;
  }
  sendJson(response, 404, {
    error_code: "ENDPOINT_NOT_FOUND",
    message: `No API found for ${url.pathname}`,
  });
};

const toModel = (model: Model): Record<string, unknown> => ({
  name: model.name,
  description: model.description,
  creation_timestamp: model.createdAt,
  last_updated_timestamp: model.versions.at(-1)?.createdAt ?? model.createdAt,
  latest_versions: newestPerStage(model),
});

const nameIn = (body: string): string => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && "name" in parsed
      ? String(parsed.name)
      : "";
  } catch {
    return "";
  }
};
