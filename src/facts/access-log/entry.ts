/**
 * One line of an access log, with nothing of the caller but whether it was us: "Access log entries" in the
 * guide of Application Load Balancers names the fields and their order. AWS adds new ones at the end.
 */
export interface AccessEntry {
  /** Milliseconds since the epoch: when the answer went out. */
  readonly at: number;
  /** "10.0.4.31:8001"; null where no target was chosen. */
  readonly target: string | null;
  /** Until the target began to answer; null where it did not. */
  readonly targetSeconds: number | null;
  /** What the caller was answered; 460: they left before there was an answer. */
  readonly status: number;
  /** What the target answered; null where it did not. */
  readonly targetStatus: number | null;
  readonly method: string;
  readonly host: string;
  /** Without its query. */
  readonly path: string;
  readonly own: boolean;
  /** "forward", "waf,fixed-response"; null where none was carried out. */
  readonly actions: string | null;
  /** "AuthInvalidCookie", "LambdaInvalidResponse" ...; null where there is none. */
  readonly reason: string | null;
}

const field = /"([^"]*)"|(\S+)/gu;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;
const code = /^\d{3}$/u;
const number = /^-?\d+(?:\.\d+)?$/u;
const requestLine =
  /^(\S+) \w+:\/\/(\[[^\]\s]*\]|[^\s/?#:]*)(?::\d+)?-?(\/[^\s?#]*)?(?:[?#].*)?(?: \S+)?$/u;
const words = /^[a-zA-Z][\w,-]*$/u;
/** Of the first version of the format, up to the user agent: the rest came later. */
const fewestFields = 14;

/** Null for a line that is none. */
export function toEntry(line: string): AccessEntry | null {
  const fields = [...line.matchAll(field)].map((match) => match[1] ?? match[2] ?? "");
  if (fields.length < fewestFields) return null;
  const at = (index: number): string => fields[index] ?? "-";
  const [said, target, seconds] = [at(1), at(4), at(6)];
  const [status, targetStatus] = [at(8), at(9)];
  const request = requestLine.exec(at(12));
  if (!time.test(said) || !code.test(status) || !number.test(seconds)) return null;
  if (!(targetStatus === "-" || code.test(targetStatus))) return null;
  // A request that was not HTTP has none of it: "- http://host:80- -".
  const [method = "-", host = "-", path = "/"] = request?.slice(1) ?? [];
  return {
    // AWS writes microseconds.
    at: Date.parse(said.replace(/(\.\d{3})\d*Z$/u, "$1Z")),
    target: target === "-" ? null : target,
    targetSeconds: Number(seconds) < 0 ? null : Number(seconds),
    status: Number(status),
    targetStatus: targetStatus === "-" ? null : Number(targetStatus),
    method,
    host: host.toLowerCase(),
    path,
    own: at(13).startsWith("hokusai/"),
    actions: wordsIn(at(22)),
    reason: wordsIn(at(24)),
  };
}

const wordsIn = (text: string): string | null => (words.test(text) ? text : null);
