import { isObject, parseJson } from "./json.ts";
import type { Json } from "./json.ts";

const STRUCTURED = [
  "blocks",
  "attachments",
  "metadata",
  "view",
  "files",
  "unfurls",
  "event_payload",
];

/** The arguments of a Web API call, from JSON or a form; what a form carries as JSON is read. */
export function readArgs(contentType: string, body: string): Json {
  if (contentType.includes("application/json")) {
    const parsed = parseJson(body);
    return isObject(parsed) ? parsed : {};
  }
  const args: Record<string, unknown> = Object.fromEntries(new URLSearchParams(body));
  for (const key of STRUCTURED) {
    const value = args[key];
    // Text that is no JSON stays text, and is refused where an array or object is wanted.
    if (typeof value === "string" && value !== "") args[key] = parseJson(value) ?? value;
  }
  return args;
}

export function readToken(authorization: string | undefined, args: Json): string | null {
  const header = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
  if (header !== undefined) return header;
  return typeof args["token"] === "string" ? args["token"] : null;
}

export const isTrue = (value: unknown): boolean =>
  value === true || value === "true" || value === "1" || value === 1;
