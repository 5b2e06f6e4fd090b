import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { isRecord } from "#core/observation.ts";

/** Where a body does not fit a published schema: "inputs.company_size: must be integer". */
export interface BodyProblem {
  /** Dotted, as FastAPI's `loc` without "body"; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

const most = 10;

/**
 * Holds a request body against the JSON schema that an OpenAPI operation publishes for it.
 * null: no schema is published, or it cannot be read.
 */
export function bodyProblems(
  operation: Readonly<Record<string, unknown>>,
  components: unknown,
  body: unknown,
): readonly BodyProblem[] | null {
  const content = isRecord(operation["requestBody"]) ? operation["requestBody"]["content"] : null;
  const json = isRecord(content) ? content["application/json"] : null;
  const schema = isRecord(json) ? json["schema"] : null;
  if (!isRecord(schema)) return null;
  try {
    const ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      validateFormats: false,
      logger: false,
    });
    // References are local: "#/components/schemas/PredictionRequest".
    const validate = ajv.compile({ ...schema, components });
    return validate(body) ? [] : (validate.errors ?? []).slice(0, most).map(toProblem);
  } catch {
    return null;
  }
}

function toProblem({ instancePath, keyword, params, message }: ErrorObject): BodyProblem {
  const path = instancePath.split("/").slice(1);
  const named =
    keyword === "required"
      ? params["missingProperty"]
      : keyword === "additionalProperties"
        ? params["additionalProperty"]
        : undefined;
  const field = [...path, ...(typeof named === "string" ? [named] : [])].join(".");
  const text = keyword === "required" ? "is required" : (message ?? keyword);
  return { field: field.slice(0, 100), message: text.slice(0, 100) };
}
