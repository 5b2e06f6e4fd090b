import { isObject } from "../json.ts";
import type { Json } from "../json.ts";

/** Where blocks are shown. Some block types exist on one surface only. */
export type Surface = "message" | "modal" | "home";

/** Collects what is wrong; `pointer` is a JSON pointer into the payload. */
export interface Report {
  readonly surface: Surface;
  readonly problem: (pointer: string, message: string) => void;
}

/** Looks at one value and reports what Slack would refuse. */
export type Shape = (value: unknown, pointer: string, report: Report) => void;
type Fields = Readonly<Record<string, Shape | { readonly optional: Shape }>>;

export const optional = (shape: Shape): { readonly optional: Shape } => ({ optional: shape });

export const text =
  (longest: number, shortest = 1): Shape =>
  (value, pointer, { problem }) => {
    if (typeof value !== "string") return problem(pointer, "must be a string");
    const { length } = value;
    if (length < shortest) problem(pointer, `must be more than ${shortest - 1} characters`);
    if (length > longest) problem(pointer, `must be less than ${longest + 1} characters`);
  };

export const number =
  (smallest: number, largest: number): Shape =>
  (value, pointer, { problem }) => {
    if (typeof value !== "number" || value < smallest || value > largest) {
      problem(pointer, `must be a number from ${smallest} to ${largest}`);
    }
  };

export const flag: Shape = (value, pointer, { problem }) => {
  if (typeof value !== "boolean") problem(pointer, "must be a boolean");
};

export const oneOf =
  (...allowed: readonly string[]): Shape =>
  (value, pointer, { problem }) => {
    if (typeof value !== "string" || !allowed.includes(value)) {
      problem(pointer, `must be one of: ${allowed.join(", ")}`);
    }
  };

export const list =
  (item: Shape, fewest: number, most: number): Shape =>
  (value, pointer, report) => {
    if (!Array.isArray(value)) return report.problem(pointer, "must be an array");
    if (value.length < fewest) report.problem(pointer, `no fewer than ${fewest} items allowed`);
    if (value.length > most) report.problem(pointer, `no more than ${most} items allowed`);
    for (const [index, entry] of value.entries()) item(entry, `${pointer}/${index}`, report);
  };

/** An object with exactly these fields; `also` looks at rules between them. */
export const shape =
  (fields: Fields, also?: (value: Json, pointer: string, report: Report) => void): Shape =>
  (value, pointer, report) => {
    if (!isObject(value)) return report.problem(pointer, "must be an object");
    for (const key of Object.keys(value)) {
      if (!(key in fields) && key !== "type")
        report.problem(pointer, `invalid additional property: ${key}`);
    }
    for (const [key, field] of Object.entries(fields)) {
      const present = value[key] !== undefined && value[key] !== null;
      if (typeof field === "function") {
        if (present) field(value[key], `${pointer}/${key}`, report);
        else report.problem(pointer, `missing required field: ${key}`);
      } else if (present) field.optional(value[key], `${pointer}/${key}`, report);
    }
    also?.(value, pointer, report);
  };

/** Objects that say what they are in `type`. */
export const typed =
  (shapes: () => Readonly<Record<string, Shape>>, what: string): Shape =>
  (value, pointer, report) => {
    const type = isObject(value) ? value["type"] : undefined;
    const known = typeof type === "string" ? shapes()[type] : undefined;
    if (known === undefined)
      report.problem(pointer, `unsupported type of ${what}: ${String(type)}`);
    else known(value, pointer, report);
  };
