/** src/api/endpoints/model_serving.py: loads a model from the hub on its first request, then scores. */
import { setTimeout as sleep } from "node:timers/promises";
import { DialError } from "../net/wires.ts";
import { sendRequest } from "../net/request.ts";
import type { ApiProgram } from "../world/state.ts";
import { nameErrorOf } from "./name-errors.ts";
import { printAs } from "./program.ts";
import type { Surroundings } from "./program.ts";
import { queryTable } from "./table.ts";

const logger = "src.api.endpoints.model_serving";
const hub = "https://huggingface.co";

export class EndpointError extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export interface Scorer {
  /** Throws EndpointError. */
  predict(modelId: string, inputs: Record<string, unknown>, requestId: string): Promise<unknown>;
  isLoaded(modelId: string): boolean;
  status(modelId: string): Promise<string>;
}

export const createScorer = (
  program: ApiProgram,
  surroundings: Surroundings,
  closing: AbortSignal,
): Scorer => {
  const { wires, address, environment, print, ca, state } = surroundings;
  const loading = new Map<string, Promise<void>>();
  const lastUsed = new Map<string, number>();
  const isLoaded = (modelId: string): boolean => {
    const used = lastUsed.get(modelId);
    const keepMs = (program.keepLoadedSeconds ?? Infinity) * 1000;
    return used !== undefined && performance.now() - used <= keepMs;
  };
  const statuses = new Map<string, { status: string; until: number }>();

  /** The table is asked at most once a minute for each model. */
  const status = async (modelId: string): Promise<string> => {
    const known = statuses.get(modelId);
    if (known !== undefined && known.until > state.now()) return known.status;
    try {
      const rows = await queryTable(
        wires,
        address,
        environment.get("DATABASE_URL") ?? "",
        `SELECT id, status FROM deployed_models WHERE model_id = '${modelId.replaceAll("'", "")}'`,
        2_000,
      );
      const found = rows[0]?.[1] ?? "missing";
      statuses.set(modelId, { status: found, until: state.now() + 60_000 });
      return found;
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      printAs(
        print,
        "ERROR",
        "src.database",
        `sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) ${reason}`,
      );
      throw new EndpointError(503, "Database unavailable");
    }
  };

  const download = async (modelId: string): Promise<void> => {
    const repository = environment.get(`MODEL_${modelId}_REPOSITORY`);
    if (repository === undefined) throw new EndpointError(404, `Model ${modelId} not found`);
    const started = performance.now();
    printAs(print, "INFO", logger, `loading model ${modelId} from ${repository}`);
    const headers = { authorization: `Bearer ${environment.get("HUGGINGFACE_API_KEY") ?? ""}` };
    for (const path of [`/api/models/${repository}`, `/${repository}/resolve/main/model.joblib`]) {
      const answer = await sendRequest({
        wires,
        from: address,
        url: `${hub}${path}`,
        headers,
        timeoutMs: 10_000,
        ca,
      }).catch((error: unknown) => {
        throw inWordsOfUrllib3(error, path);
      });
      if (answer.status !== 200) {
        throw new DialError(
          "EREPLY",
          `huggingface_hub.errors.HfHubHTTPError: ${answer.status} Client Error for url: ${hub}${path}`,
        );
      }
    }
    await sleep(program.coldLoadSeconds * 1000, undefined, { signal: closing });
    lastUsed.set(modelId, performance.now());
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    printAs(print, "INFO", logger, `model ${modelId} loaded in ${seconds}s`);
  };

  const load = async (modelId: string): Promise<void> => {
    if (isLoaded(modelId)) return;
    const running = loading.get(modelId) ?? download(modelId);
    loading.set(modelId, running);
    try {
      await running;
    } catch (error) {
      if (error instanceof EndpointError) throw error;
      const reason = error instanceof Error ? error.message : "unknown";
      printAs(
        print,
        "ERROR",
        logger,
        `HuggingFace Hub error while loading model ${modelId}: ${reason}`,
      );
      throw new EndpointError(503, `Model ${modelId} could not be loaded`);
    } finally {
      loading.delete(modelId);
    }
  };

  return {
    status,
    isLoaded,
    predict: async (modelId, inputs, requestId) => {
      printAs(
        print,
        "INFO",
        logger,
        `prediction requested model_id=${modelId} request_id=${requestId}`,
      );
      const deployed = await status(modelId);
      if (deployed === "missing") throw new EndpointError(404, `Model ${modelId} not found`);
      if (deployed !== "deployed") throw new EndpointError(409, `Model ${modelId} is ${deployed}`);
      await load(modelId);
      lastUsed.set(modelId, performance.now());
      const started = performance.now();
      const probability = probabilityOf(inputs);
      const ms = (performance.now() - started).toFixed(1);
      printAs(
        print,
        "INFO",
        logger,
        `prediction served model_id=${modelId} request_id=${requestId} ms=${ms}`,
      );
      return {
        model_id: modelId,
        predictions: [
          {
            lead_score: Math.round(probability * 1000) / 10,
            conversion_probability: Math.round(probability * 10_000) / 10_000,
            confidence: 0.87,
          },
        ],
        metadata: { version: "2", request_id: requestId },
      };
    },
  };
};

const inWordsOfUrllib3 = (error: unknown, path: string): unknown => {
  const name = nameErrorOf(error);
  if (name === null) return error;
  const { hostname } = new URL(hub);
  const cause = `NameResolutionError("<urllib3.connection.HTTPSConnection object at 0x7f2a4c1d9e50>: Failed to resolve '${hostname}' ([Errno ${name.errno}] ${name.text})")`;
  return new DialError(
    (error as DialError).code,
    `requests.exceptions.ConnectionError: HTTPSConnectionPool(host='${hostname}', port=443): Max retries exceeded with url: ${path} (Caused by ${cause})`,
  );
};

const number = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) ? value : 0;

/** A logistic score of the ten fields; between 0 and 1. */
const probabilityOf = (inputs: Record<string, unknown>): number => {
  const sum =
    -3.4 +
    Math.log10(1 + Math.max(0, number(inputs["company_size"]))) * 0.4 +
    number(inputs["engagement_score"]) * 0.02 +
    number(inputs["website_visits"]) * 0.03 +
    number(inputs["email_opens"]) * 0.04 +
    number(inputs["content_downloads"]) * 0.06 +
    (inputs["demo_requested"] === true ? 0.9 : 0) +
    (inputs["budget_confirmed"] === true ? 0.7 : 0);
  return 1 / (1 + Math.exp(-sum));
};
