/** Small turns of phrase that every outlet shares. */

const spelled: Readonly<Record<string, string>> = {
  dns: "DNS",
  api: "API",
  huggingface: "HuggingFace",
  redis: "Redis",
};

/** "auth-unreachable" -> "auth unreachable". */
export const hypothesisName = (id: string): string =>
  id === "other"
    ? "a fault that nobody listed"
    : id
        .split("-")
        .map((word) => spelled[word] ?? word)
        .join(" ");

export const sentenceCase = (text: string): string =>
  text.slice(0, 1).toUpperCase() + text.slice(1);

/** Ends in exactly one full stop, whatever the author of a plan wrote. */
export const sentence = (text: string): string => {
  const trimmed = text.trim();
  return /[.!?]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
};

/** 0.974 -> "97%"; never "0%" or "100%", because nothing is that certain. */
export function percent(probability: number): string {
  if (probability >= 0.995) return ">99%";
  if (probability < 0.005) return "<1%";
  return `${Math.round(probability * 100)}%`;
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Milliseconds -> "0.4 s", "11.2 s", "3 min". */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** Milliseconds -> "a few seconds", "1 minute", "3 hours", "2 days". */
export function age(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 50) return "a few seconds";
  if (seconds < 90 * 60) return plural(Math.max(1, Math.round(seconds / 60)), "minute");
  if (seconds < 36 * 3600) return plural(Math.round(seconds / 3600), "hour");
  return plural(Math.round(seconds / 86_400), "day");
}

/** ISO 8601 -> "02:59 UTC". */
export const clockTime = (iso: string): string => `${iso.slice(11, 16)} UTC`;

/** ISO 8601 -> "2026-11-21 02:59 UTC". */
export const dateTime = (iso: string): string => `${iso.slice(0, 10)} ${clockTime(iso)}`;

/** One line: outside text may hold line breaks and control characters, which forge lines and colours. */
export const oneLine = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, " ").trim();

const cut = " … (cut)";

/** At most `limit` UTF-16 units; what was cut says so, and no character is cut in half. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, Math.max(0, limit - cut.length)).replace(/[\uD800-\uDBFF]$/u, "");
  return (kept + cut).slice(0, limit);
}

/** A run without a named plan follows several, whose ids are joined with "+". */
export const planIds = (plan: { readonly id: string }): readonly string[] => plan.id.split("+");

/** "plan model-api-timeout", "plans model-api-405, model-api-timeout". */
export const planWords = (plan: { readonly id: string }): string => {
  const ids = planIds(plan);
  return oneLine(`${ids.length === 1 ? "plan" : "plans"} ${ids.join(", ")}`);
};
