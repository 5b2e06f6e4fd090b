import { createHash } from "node:crypto";

/**
 * Keys of what an incident shows outside. Deterministic: after a crash the same key finds the same
 * message again. `Posted` rows and effects that create something carry them.
 */
export const slots = {
  /** The one root message of an incident's thread. */
  root: (incident: string): string => `${incident}/root`,
  mention: (incident: string, run: string): string => `${incident}/${run}/mention`,
  /** 1-based. */
  detail: (incident: string, run: string, position: number): string =>
    `${incident}/${run}/detail/${position}`,
  issue: (incident: string): string => `${incident}/issue`,
  comment: (incident: string): string => `${incident}/comment`,
} as const;

/** SHA-256 in hex of any plain JSON: what was sent last, so that the same is not sent twice. */
export const contentHash = (content: unknown): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex");

/** The SHA-256 of a key in the shape of a UUID v4, which Linear wants of client-supplied ids. */
export function uuidOf(key: string): string {
  const bytes = createHash("sha256").update(key).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
