/**
 * The routes that main.py registers, in its order, and Starlette's way of choosing among them: the first
 * full match wins, else the first whose path fits answers 405 with its own methods in Allow.
 */
import type { ApiProgram } from "../world/state.ts";

export type RouteName =
  | "root"
  | "health"
  | "openapi"
  | "docs"
  | "predict"
  | "usage"
  | "info"
  | "model-health";

export interface Route {
  name: RouteName;
  method: "GET" | "POST";
  path: string;
  /** Module that declares it. */
  router: string;
  parameter: { name: string; type: "uuid" | "str" } | null;
  /** Left out of /openapi.json. */
  hidden: boolean;
}

const prefix = "/api/v1/models";

export const routesOf = (program: ApiProgram): Route[] => {
  const plain = (name: RouteName, path: string, hidden: boolean): Route => ({
    name,
    method: "GET",
    path,
    router: "main",
    parameter: null,
    hidden,
  });
  const routes: Route[] = [plain("openapi", "/openapi.json", true), plain("docs", "/docs", true)];
  for (const { name, parameter, methods } of program.routers) {
    const argument = parameter === "uuid" ? "deployed_model_id" : "model_id";
    const route = (what: RouteName, method: Route["method"], tail: string): Route => ({
      name: what,
      method,
      path: `${prefix}/{${argument}}/${tail}`,
      router: name,
      parameter: { name: argument, type: parameter },
      hidden: false,
    });
    if (methods.info) routes.push(route("info", "GET", "info"));
    for (const method of methods.predict) {
      routes.push(route(method === "POST" ? "predict" : "usage", method, "predict"));
    }
    if (methods.health) routes.push(route("model-health", "GET", "health"));
  }
  return [...routes, plain("root", "/", false), plain("health", "/health", false)];
};

export type Match =
  | { kind: "full"; route: Route; argument: string }
  | { kind: "method"; allow: string }
  | { kind: "slash"; path: string }
  | { kind: "none" };

const argumentOf = (route: Route, path: string): string | null => {
  const pattern = route.path.replace(/\{\w+\}/, "([^/]+)");
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found === null ? null : decodeURIComponent(found[1] ?? "");
};

export const matchRoute = (routes: Route[], method: string, path: string): Match => {
  const fitting = routes.flatMap((route) => {
    const argument = argumentOf(route, path);
    return argument === null ? [] : [{ route, argument }];
  });
  const full = fitting.find(({ route }) => route.method === method);
  if (full !== undefined) return { kind: "full", ...full };
  const partial = fitting[0];
  if (partial !== undefined) return { kind: "method", allow: partial.route.method };
  const other = path.endsWith("/") ? path.replace(/\/+$/, "") : `${path}/`;
  if (path !== "/" && routes.some((route) => argumentOf(route, other) !== null)) {
    return { kind: "slash", path: other };
  }
  return { kind: "none" };
};

const summaries: Record<RouteName, string> = {
  root: "Root",
  health: "Health",
  openapi: "Openapi",
  docs: "Docs",
  predict: "Predict",
  usage: "Predict Usage",
  info: "Model Info",
  "model-health": "Model Health",
};

/** The document that FastAPI generates: paths in order of registration, `format: uuid` for UUID arguments. */
export const openApiOf = (program: ApiProgram): unknown => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routesOf(program)) {
    if (route.hidden) continue;
    const operations = (paths[route.path] ??= {});
    const { parameter } = route;
    operations[route.method.toLowerCase()] = {
      tags: [route.router.replaceAll("_", "-")],
      summary: summaries[route.name],
      operationId: `${route.name.replace("-", "_")}${route.path.replace(/\W/g, "_")}_${route.method.toLowerCase()}`,
      ...(parameter !== null && {
        parameters: [
          {
            name: parameter.name,
            in: "path",
            required: true,
            schema: {
              type: "string",
              ...(parameter.type === "uuid" && { format: "uuid" }),
              title: parameter.name
                .split("_")
                .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
                .join(" "),
            },
          },
        ],
      }),
      ...(route.name === "predict" && {
        requestBody: {
          required: true,
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/PredictionRequest" } },
          },
        },
      }),
      responses: {
        "200": {
          description: "Successful Response",
          content: { "application/json": { schema: {} } },
        },
        ...(parameter !== null && {
          "422": {
            description: "Validation Error",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/HTTPValidationError" } },
            },
          },
        }),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Hokusai Data Platform API", version: program.commit },
    paths,
    components: { schemas: { ...schemas, PredictionRequest: requestSchema(program) } },
  };
};

const schemas = {
  PredictionRequest: {
    type: "object",
    required: ["inputs"],
    properties: {
      inputs: {
        type: "object",
        required: [
          "company_size",
          "industry",
          "engagement_score",
          "website_visits",
          "email_opens",
          "content_downloads",
          "demo_requested",
          "budget_confirmed",
          "decision_timeline",
          "title",
        ],
        properties: {
          company_size: { type: "integer" },
          industry: { type: "string" },
          engagement_score: { type: "number" },
          website_visits: { type: "integer" },
          email_opens: { type: "integer" },
          content_downloads: { type: "integer" },
          demo_requested: { type: "boolean" },
          budget_confirmed: { type: "boolean" },
          decision_timeline: { type: "string" },
          title: { type: "string" },
        },
      },
    },
  },
  HTTPValidationError: {
    type: "object",
    properties: { detail: { type: "array", items: { type: "object" } } },
  },
} as const;

/** What this program takes: the schema above, with the input under its new name. */
const requestSchema = ({ renamedInput }: ApiProgram) => {
  const { inputs } = schemas.PredictionRequest.properties;
  const rename = (name: string): string => (name === renamedInput?.from ? renamedInput.to : name);
  return {
    ...schemas.PredictionRequest,
    properties: {
      inputs: {
        ...inputs,
        required: inputs.required.map(rename),
        properties: Object.fromEntries(
          Object.entries(inputs.properties).map(([name, schema]) => [rename(name), schema]),
        ),
      },
    },
  };
};

export interface Problem {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
}

/** What pydantic finds wrong with a body; empty when it is fine. */
export const problemsOf = (
  body: string,
  program: ApiProgram,
): { problems: Problem[]; inputs: Record<string, unknown> } => {
  const none = {};
  if (body.trim() === "") {
    return {
      problems: [{ type: "missing", loc: ["body"], msg: "Field required", input: null }],
      inputs: none,
    };
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return {
      problems: [{ type: "json_invalid", loc: ["body", 1], msg: "JSON decode error", input: {} }],
      inputs: none,
    };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    return {
      problems: [{ type: "model_attributes_type", loc: ["body"], msg, input: parsed }],
      inputs: none,
    };
  }
  const inputs = "inputs" in parsed ? parsed.inputs : undefined;
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) {
    const type = inputs === undefined ? "missing" : "dict_type";
    const msg = inputs === undefined ? "Field required" : "Input should be a valid dictionary";
    return { problems: [{ type, loc: ["body", "inputs"], msg, input: parsed }], inputs: none };
  }
  const given = inputs as Record<string, unknown>;
  const problems: Problem[] = [];
  const fields = requestSchema(program).properties.inputs;
  for (const [name, { type }] of Object.entries(fields.properties)) {
    const value = given[name];
    const loc = ["body", "inputs", name];
    if (value === undefined)
      problems.push({ type: "missing", loc, msg: "Field required", input: given });
    else if (!isA(type, value)) {
      problems.push({
        type: `${type}_type`,
        loc,
        msg: `Input should be a valid ${type}`,
        input: value,
      });
    }
  }
  return { problems, inputs: given };
};

const isA = (type: string, value: unknown): boolean =>
  type === "integer" ? Number.isInteger(value) : typeof value === type;
