/**
 * Secrets and customer data never leave, on any outlet. One combined pattern, linear in its input
 * (no nested quantifiers), plus the exact values of our own secrets.
 */
const patterns: readonly (readonly [name: string, source: string])[] = [
  [
    "private key",
    "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)",
  ],
  ["api key", "\\bhk_[A-Za-z0-9_-]{4,200}"],
  ["slack token", "\\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{8,250}"],
  [
    "slack url",
    "https://hooks\\.slack\\.com/(?:services|commands|actions|workflows)/[A-Za-z0-9/_-]{8,200}",
  ],
  ["linear token", "\\blin_(?:api|oauth|wh)_[A-Za-z0-9]{8,200}"],
  ["huggingface token", "\\bhf_[A-Za-z0-9]{8,200}"],
  ["github token", "\\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})"],
  ["openai key", "\\bsk-[A-Za-z0-9_-]{16,200}"],
  ["aws key id", "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"],
  ["jwt", "\\beyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{0,1000}"],
];

/** URL credentials keep their user name; the word before a secret stays so that the line can be read. */
const withPrefix: readonly (readonly [name: string, before: string, value: string])[] = [
  ["authorization", "\\b(?:Bearer|Basic|Token)[ \\t]{1,4}", "[A-Za-z0-9._~+/=-]{6,4000}"],
  [
    "password in url",
    "\\b[a-z][a-z0-9+.-]{1,20}://[^\\s:/@\"']{0,100}:",
    "[^\\s/@\"']{1,200}(?=@)",
  ],
  [
    "value",
    // An IAM action and the ARN of a secret are names: they say what to grant and what to restore.
    "[\"']?\\b(?!secretsmanager:)(?<!:\\d{12}:)[A-Za-z0-9_.-]{0,40}(?:api[_-]?key|secret|token|passw(?:or)?d|pwd|credential|private[_-]?key|access[_-]?key|session[_-]?id|signature)[A-Za-z0-9_-]{0,20}[\"']?[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?",
    "[^\\s\"'&,;<>{}()\\[\\]]{6,4000}",
  ],
];

/** People are not secrets but do not leave either. */
const personal: readonly (readonly [name: string, source: string])[] = [
  [
    "email",
    "\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,4}\\.[A-Za-z]{2,24}\\b",
  ],
];

export interface Redactor {
  text(input: string): string;
  /** Every string inside plain JSON, keys left alone. */
  json<Value>(input: Value): Value;
}

const escapePattern = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");

export function createRedactor(secretValues: readonly string[] = []): Redactor {
  const exact = [...new Set(secretValues.filter((value) => value.length >= 6))]
    .toSorted((a, b) => b.length - a.length)
    .map(escapePattern);
  const groups: string[] = [];
  const names: string[] = [];
  if (exact.length > 0) {
    groups.push(`(?<g0>${exact.join("|")})`);
    names.push("secret");
  }
  for (const [name, source] of [...patterns, ...personal]) {
    groups.push(`(?<g${names.length}>${source})`);
    names.push(name);
  }
  const prefixFrom = names.length;
  for (const [name, before, value] of withPrefix) {
    groups.push(`(?<p${names.length}>${before})(?<g${names.length}>${value})`);
    names.push(name);
  }
  const combined = new RegExp(groups.join("|"), "giu");

  const text = (input: string): string =>
    input.replace(combined, (...args: unknown[]) => {
      const captured = args.at(-1) as Record<string, string | undefined>;
      const index = names.findIndex((_, i) => captured[`g${i}`] !== undefined);
      const prefix = index >= prefixFrom ? (captured[`p${index}`] ?? "") : "";
      return `${prefix}[${names[index] ?? "secret"} removed]`;
    });

  const json = <Value>(input: Value): Value => {
    if (typeof input === "string") return text(input) as Value;
    if (Array.isArray(input)) return input.map((item: unknown) => json(item)) as Value;
    if (input !== null && typeof input === "object") {
      return Object.fromEntries(
        Object.entries(input).map(([key, value]) => [key, json(value)]),
      ) as Value;
    }
    return input;
  };
  return { text, json };
}
