import type { SymptomWord } from "#core/plan.ts";

export const symptomWords: readonly SymptomWord[] = [
  "405",
  "timeout",
  "401",
  "403",
  "404",
  "422",
  "429",
  "5xx",
  "connection",
  "other",
];

/** How people say it. Compared without spaces, dashes and case. */
const said: Readonly<Record<SymptomWord, readonly string[]>> = {
  "405": ["method not allowed", "wrong method"],
  timeout: [
    "time out",
    "timed out",
    "times out",
    "timeouts",
    "no response",
    "no answer",
    "hang",
    "hangs",
    "hanging",
    "slow",
  ],
  "401": ["unauthorized", "unauthorised", "not authorized", "not authorised", "invalid key"],
  "403": ["forbidden", "access denied"],
  "404": ["not found"],
  "422": [
    "unprocessable",
    "unprocessable entity",
    "unprocessable content",
    "validation error",
    "invalid body",
  ],
  "429": ["too many requests", "rate limit", "rate limited", "throttled", "throttling"],
  "5xx": [
    "50x",
    "server error",
    "internal server error",
    "internal error",
    "bad gateway",
    "service unavailable",
    "unavailable",
    "gateway timeout",
  ],
  connection: [
    "connection refused",
    "connection reset",
    "connection error",
    "refused",
    "reset",
    "cannot connect",
    "unreachable",
    "dns",
    "tls",
    "ssl",
    "certificate",
    "econnrefused",
    "econnreset",
    "enotfound",
  ],
  other: ["something else", "wrong answer", "wrong result"],
};

/** What may stand before it, as in "HTTP status code: 405". */
const introduction = /^(?:https?|status(?:code)?|error|code)+[:=]?/u;

const squeezed = (text: string): string => text.toLowerCase().replace(/[\s_-]+/gu, "");
const bySaying = new Map<string, SymptomWord>(
  symptomWords.flatMap((word) =>
    [word, ...said[word]].map((saying) => [squeezed(saying), word] as const),
  ),
);
const sayings: readonly string[] = [...symptomWords, ...Object.values(said).flat()];

/** "HTTP 405", "time-out" and "502" to the symptom they are; null where it is none. */
export function toSymptom(text: string): SymptomWord | null {
  const plain = squeezed(text).replace(introduction, "");
  const known = bySaying.get(plain) ?? bySaying.get(squeezed(text));
  if (known !== undefined) return known;
  const [, status = "", phrase = ""] = /^(\d{3})(.*)$/u.exec(plain) ?? [];
  if (phrase !== "" && !bySaying.has(phrase)) return null;
  return bySaying.get(status) ?? (/^5\d\d$/u.test(status) ? "5xx" : null);
}

/** Whether an unquoted value goes on: "http" with "405", "method" with "not", "504" with "gateway". */
export function symptomContinues(value: string, next: string): boolean {
  const open = toSymptom(value) === null;
  if (toSymptom(`${value} ${next}`) !== null) return open || /^[a-z]/iu.test(next);
  if (!/^[a-z]/iu.test(next) || (!open && !/\d{3}$/u.test(value))) return false;
  const start = squeezed(`${value} ${next}`)
    .replace(introduction, "")
    .replace(/^\d{3}/u, "");
  return sayings.some((saying) => squeezed(saying).startsWith(start));
}
