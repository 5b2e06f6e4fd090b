/** Requests as people write them down: curl, Python, JavaScript, raw HTTP. Pure; nothing is executed. */
import { bodyShape, shapeNames, type BodyShape } from "./body-shape.ts";
import { isRecord } from "./observation.ts";

export interface RequestSample {
  /** Without credentials, query and fragment; placeholders stay ("{model_id}"). */
  readonly url: string;
  readonly method: string;
  /** Lower case, sorted. */
  readonly headers: readonly string[];
  /** "Bearer"; null where no authorization is shown. */
  readonly scheme: string | null;
  /** Dotted names of the JSON body, "inputs.company_size"; null where no body is shown. */
  readonly fields: readonly string[] | null;
  /** The same body with the kind of each value in its place; null where no body is shown. */
  readonly shape: BodyShape | null;
  /** Media type of the body, "application/json"; null where it is not told. */
  readonly contentType: string | null;
}

const mostSamples = 20;

/** Every request in a page or a pasted text, in order, once each. */
export function readSamples(page: string): readonly RequestSample[] {
  const samples = new Map<string, RequestSample>();
  for (const block of codeBlocks(page)) {
    const text = fillVariables(block);
    const curls = curlCommands(text);
    const found = curls.length > 0 ? curls.map(fromCurl) : [fromRawHttp(text) ?? fromCode(text)];
    for (const sample of found) {
      if (sample !== null && samples.size < mostSamples)
        samples.set(JSON.stringify(sample), sample);
    }
  }
  return [...samples.values()];
}

export interface PastedRequest extends RequestSample {
  /** At most four characters of the key, to tell its kind by; null where none, or a placeholder, is shown. */
  readonly keyStart: string | null;
}

/** The first request of a pasted command; null where none can be read. Credentials stay behind. */
export function readPasted(text: string): PastedRequest | null {
  const [sample] = readSamples(text);
  if (sample === undefined) return null;
  const key =
    /\bauthorization["']?\s*[:=]\s*["']?(?:(?:bearer|token)\s+)?([^\s"'`]+)/iu.exec(text)?.[1] ??
    /\b(?:x-)?(?:api|auth|access)-?(?:key|token)["']?\s*[:=]\s*["']?([^\s"'`&]+)/iu.exec(text)?.[1];
  const isKey = key !== undefined && !/^[$<{[]|^(?:your|my|x{3,}|\.{3})|^basic$/iu.test(key);
  return { ...sample, keyStart: isKey ? keyStartOf(key) : null };
}

/** What may be kept of a key: enough to tell its kind by, and of no use to anybody. */
export const keyStartOf = (key: string): string => key.trim().slice(0, 4);

/** Removes what must not travel: user name, password, query, fragment. null: not an HTTP address. */
export function bareUrl(text: string): string | null {
  const trimmed = text.trim().replace(/^[<"'(]+|[>"'),;]+$/gu, "");
  const whole =
    /^[a-z][a-z0-9+.-]*:/iu.test(trimmed) && !/^[\w.-]+:\d/u.test(trimmed)
      ? trimmed
      : `https://${trimmed}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") return null;
  // Placeholders survive parsing only as percent codes.
  return `${url.origin}${url.pathname.replace(/%7B/giu, "{").replace(/%7D/giu, "}").replace(/%3C/giu, "<").replace(/%3E/giu, ">")}`;
}

function codeBlocks(page: string): readonly string[] {
  if (!/<(?:!doctype|html|body|pre|code|p|div)\b/iu.test(page)) {
    const fenced = [...page.matchAll(/```[^\n]*\n([\s\S]*?)```/gu)].map((match) => match[1] ?? "");
    return fenced.length > 0 ? fenced : [page];
  }
  const visible = page.replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/giu, " ");
  const blocks = [...visible.matchAll(/<(pre|code|samp)\b[^>]*>([\s\S]*?)<\/\1\s*>/giu)].map(
    (match) => plainText(match[2] ?? ""),
  );
  return blocks.some((block) => /https?:\/\/|\/predict/u.test(block))
    ? blocks
    : [...blocks, plainText(visible)];
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
const plainText = (html: string): string =>
  html
    .replace(/<br\s*\/?>|<\/(?:p|div|li|tr|h\d)>/giu, "\n")
    .replace(/<[^>]*>/gu, "")
    .replace(
      /&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|(\w{2,6}));/giu,
      (whole, decimal?: string, hex?: string, name?: string) => {
        const code =
          decimal === undefined ? (hex === undefined ? null : parseInt(hex, 16)) : Number(decimal);
        return code === null
          ? (entities[name ?? ""] ?? whole)
          : code < 0x11_0000
            ? String.fromCodePoint(code)
            : whole;
      },
    );

/** `API_URL="https://..."` and later `$API_URL`, `${API_URL}`, `{API_URL}`, `{self.api_url}`, `API_URL + "/x"`. */
function fillVariables(block: string): string {
  let text = block.replace(/\\\r?\n/gu, " ");
  for (const match of block.matchAll(
    /([A-Za-z_][A-Za-z0-9_]{1,60})["']?\s{0,3}[:=]\s{0,3}["']?(https?:\/\/[^\s"'`<>]{3,300})/gu,
  )) {
    const [, name = "", value = ""] = match;
    text = text
      .replace(
        new RegExp(`\\$\\{${name}\\}|\\$${name}\\b|\\{(?:self\\.|this\\.)?${name}\\}`, "giu"),
        () => value,
      )
      .replace(new RegExp(`(?<![\\w"'])${name}\\s*\\+\\s*f?["'\`]`, "gu"), () => `"${value}`);
  }
  return text;
}

/** The words of each curl command; quotes may hold line ends. */
function curlCommands(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/(?:^|[\s$>;|&])curl\s/gu)].map((match) =>
    shellWords(text.slice(match.index + match[0].length)),
  );
}

function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)|(\n)/gu)) {
    if (match[2] !== undefined) break;
    words.push(
      (match[1] ?? "").replace(
        /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gu,
        (_whole, single?: string, double?: string, escaped?: string) =>
          single ?? double?.replace(/\\(["\\$`])/gu, "$1") ?? escaped ?? "",
      ),
    );
  }
  return words;
}

function fromCurl(words: readonly string[]): RequestSample | null {
  let method: string | null = null;
  let address: string | null = null;
  const headers: string[] = [];
  let body: string | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const value = (): string => words[(index += 1)] ?? "";
    if (word === "-X" || word === "--request") method = value();
    else if (/^-X[A-Z]/u.test(word)) method = word.slice(2);
    else if (word === "-H" || word === "--header") headers.push(value());
    else if (/^(?:-d|--data(?:-raw|-binary|-ascii)?|--json)$/u.test(word)) {
      body = value();
      if (word === "--json") headers.push("content-type: application/json");
    } else if (word === "--url") address = value();
    else if (
      /^(?:-u|--user|-o|--output|-A|--user-agent|-m|--max-time|--connect-timeout|-w|--write-out|-b|--cookie|--resolve)$/u.test(
        word,
      )
    )
      value();
    else if (!word.startsWith("-") && address === null) address = word;
  }
  const url = address === null ? null : bareUrl(address);
  if (url === null) return null;
  // What curl itself adds to data without a type.
  if (body !== null && !headers.some((line) => /^\s*content-type\s*:/iu.test(line)))
    headers.push("content-type: application/x-www-form-urlencoded");
  return toSample(url, method ?? (body === null ? "GET" : "POST"), headers, body);
}

function fromRawHttp(text: string): RequestSample | null {
  const match = /\b(GET|POST|PUT|PATCH|DELETE)[ \t]+(\/\S*)[ \t]+HTTP\/[\d.]+\s*\n([\s\S]*)/u.exec(
    text,
  );
  const host = /^\s*host:\s*(\S+)/imu.exec(match?.[3] ?? "")?.[1];
  const url =
    match === null || host === undefined ? null : bareUrl(`https://${host}${match[2] ?? ""}`);
  if (match === null || url === null) return null;
  const [head = "", ...rest] = (match[3] ?? "").split(/\n\s*\n/u);
  return toSample(url, match[1] ?? "GET", head.split("\n"), rest.join("\n"));
}

/** Program text: the first address that looks like an API call; method, headers and body stand near it. */
function fromCode(text: string): RequestSample | null {
  const addresses = [
    ...text.matchAll(/https?:\/\/[^\s"'`<>)\\]{3,300}(?:<[\w-]+>[^\s"'`<>)\\]*)?/gu),
  ].map((match) => match[0]);
  const address =
    addresses.find((candidate) => /\/predict\b/u.test(candidate)) ??
    addresses.find((candidate) => /\/models\//u.test(candidate));
  const url = address === undefined ? null : bareUrl(address);
  if (url === null) return null;
  const method =
    /\.(get|post|put|patch|delete)\s*\(/iu.exec(text)?.[1] ??
    /\bmethod["']?\s*[:=]\s*["'](\w+)["']/iu.exec(text)?.[1] ??
    /\b(GET|POST|PUT|PATCH|DELETE)\b/u.exec(text)?.[1] ??
    "GET";
  const headers = [
    ...text.matchAll(
      /["']?\b(authorization|content-type|x-[a-z-]{2,40})["']?\s*[:=]\s*(?:f?["'`])?([^\n"'`]*)/giu,
    ),
  ].map((match) => `${match[1] ?? ""}: ${match[2] ?? ""}`);
  return toSample(url, method, headers, text);
}

function toSample(
  url: string,
  method: string,
  headers: readonly string[],
  body: string | null,
): RequestSample {
  const pairs = headers.flatMap((line) => {
    const match = /^\s*([A-Za-z0-9-]+)\s*:\s*(.*)$/u.exec(line);
    return match === null ? [] : [{ name: (match[1] ?? "").toLowerCase(), value: match[2] ?? "" }];
  });
  const valueOf = (name: string): string | undefined =>
    pairs.find((pair) => pair.name === name)?.value.trim();
  const authorization = valueOf("authorization");
  const shape = body === null ? null : shapeIn(body);
  return {
    url,
    method: method.toUpperCase(),
    headers: [...new Set(pairs.map((pair) => pair.name.slice(0, 60)))].toSorted().slice(0, 30),
    scheme:
      authorization === undefined
        ? null
        : (/^([A-Za-z]+)\s|^(Bearer|Basic|Token)$/iu.exec(authorization)?.slice(1).find(Boolean) ??
          ""),
    fields: shape === null ? null : shapeNames(shape),
    shape,
    contentType:
      /^[a-z]{1,20}\/[\w.+-]{1,60}/iu.exec(valueOf("content-type") ?? "")?.[0].toLowerCase() ??
      null,
  };
}

/** The largest object in the text that reads as JSON (Python literals included) and is not the headers. */
function shapeIn(text: string): BodyShape | null {
  let best: Readonly<Record<string, unknown>> | null = null;
  let size = 0;
  for (const candidate of objectsIn(text)) {
    const value = parseLoosely(candidate);
    if (
      !isRecord(value) ||
      Object.keys(value).some((name) => /^(?:authorization|content-type)$/iu.test(name))
    )
      continue;
    if (candidate.length > size) [best, size] = [value, candidate.length];
  }
  return best === null ? null : bodyShape(best);
}

function objectsIn(text: string): readonly string[] {
  const found: string[] = [];
  const starts: number[] = [];
  for (let index = 0; index < text.length && found.length < 50; index += 1) {
    if (text[index] === "{") starts.push(index);
    if (text[index] !== "}") continue;
    const start = starts.pop();
    if (start !== undefined) found.push(text.slice(start, index + 1));
  }
  return found;
}

function parseLoosely(text: string): unknown {
  const python = text
    .replace(/\bTrue\b/gu, "true")
    .replace(/\bFalse\b/gu, "false")
    .replace(/\bNone\b/gu, "null")
    .replace(/,(\s*[}\]])/gu, "$1");
  const script = python
    .replace(/'([^'"\n]*)'/gu, '"$1"')
    .replace(/([{,]\s*)([A-Za-z_]\w*)\s*:/gu, '$1"$2":');
  for (const attempt of [text, python, script]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next reading may fit.
    }
  }
  return undefined;
}
