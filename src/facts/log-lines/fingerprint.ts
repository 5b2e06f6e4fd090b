/** Lines that differ in ids, numbers, addresses and times only are one template. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/gu, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu, "<id>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/gu, "<address>"],
  [/\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b/giu, "<hex>"],
  [/\d+(?:\.\d+)?/gu, "<n>"],
  [/\s+/gu, " "],
];

export const fingerprint = (text: string): string =>
  replaced
    .reduce((line, [pattern, by]) => line.replace(pattern, by), text)
    .trim()
    .slice(0, 160);
