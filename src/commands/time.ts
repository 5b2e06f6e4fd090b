/** A moment as people write it. Times without a zone are UTC, as everywhere in our output. */
export type Moment =
  | { readonly kind: "at"; readonly iso: string }
  | { readonly kind: "of-day"; readonly seconds: number }
  | { readonly kind: "ago"; readonly ms: number };

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const unitWord = "(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)";
const agoPattern = new RegExp(`^(?:\\d{1,5}\\s?${unitWord}\\s?)+(?:\\s?ago)?$`, "iu");
const agoPart = new RegExp(`(\\d{1,5})\\s?(${unitWord})`, "giu");
const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/iu;
const dayPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\s?(?:Z|UTC)?$/iu;

/** "2025-11-07T14:03Z", "2025-11-07 14:03", "14:03", "20m ago", "now"; null where it is none of them. */
export function toMoment(text: string): Moment | null {
  const plain = text.trim();
  if (plain.toLowerCase() === "now") return { kind: "ago", ms: 0 };
  if (agoPattern.test(plain)) {
    let ms = 0;
    for (const [, count, unit] of plain.matchAll(agoPart))
      ms += Number(count) * (units[unit?.[0]?.toLowerCase() ?? ""] ?? 0);
    return { kind: "ago", ms };
  }
  const day = dayPattern.exec(plain);
  if (day !== null) {
    return {
      kind: "of-day",
      seconds: Number(day[1]) * 3_600 + Number(day[2]) * 60 + Number(day[3] ?? 0),
    };
  }
  const iso = isoPattern.exec(plain);
  if (iso === null) return null;
  const [, date = "", time = "00:00", zone = "Z"] = iso;
  const offset = /^(?:Z|UTC)$/iu.test(zone)
    ? "Z"
    : zone.replace(/^([+-]\d{2}):?(\d{2})$/u, "$1:$2");
  const ms = Date.parse(`${date}T${time}${offset}`);
  // Date.parse moves 30 February on to March; a day that does not exist is not what was meant.
  if (Number.isNaN(ms) || new Date(`${date}T00:00Z`).toISOString().slice(0, 10) !== date)
    return null;
  return { kind: "at", iso: new Date(ms).toISOString() };
}

/** A time of day is the latest one that is not in the future. */
export function toIso(moment: Moment, now: number): string {
  if (moment.kind === "at") return moment.iso;
  if (moment.kind === "ago") return new Date(now - moment.ms).toISOString();
  const midnight = Math.floor(now / 86_400_000) * 86_400_000;
  const today = midnight + moment.seconds * 1_000;
  return new Date(today > now ? today - 86_400_000 : today).toISOString();
}

/** "20m" goes on with "ago", "2025-11-07" with "14:03". */
export function momentContinues(value: string, next: string): boolean {
  const joined = toMoment(`${value} ${next}`);
  if (joined === null) return false;
  return (
    toMoment(value) === null ||
    /^(?:ago|z|utc)$/iu.test(next) ||
    /^\d{4}-/u.test(value) ||
    /^\d+[a-z]/iu.test(next)
  );
}
