/**
 * What a line of a Python web service says, by general wording of FastAPI, uvicorn, httpx, requests,
 * redis-py, psycopg and huggingface_hub. The first kind that matches has the line. "Unresolved": the name of
 * the dependency did not lead to an address, so nothing is said about the dependency itself.
 */
export const logKinds = [
  "method-not-allowed",
  "missing-variable",
  "startup",
  "redis-unresolved",
  "redis",
  "database-unresolved",
  "database",
  "hub-unresolved",
  "hub",
  "auth-unresolved",
  "auth-timeout",
  "auth-error",
  "model-error",
  "other-error",
] as const;
export type LogKind = (typeof logKinds)[number];

export interface Wording {
  /** Path of a prediction with any model id, and the paths of this model. */
  readonly anyPredict: RegExp;
  readonly thisModel: RegExp;
  readonly authHost: string | null;
  readonly redis: string | null;
  readonly database: string | null;
  readonly hubHost: string | null;
  /** Variables that the catalogue requires. */
  readonly variables: readonly string[];
}

const level = /^.{0,120}?(?:\b|")(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b/iu;
const exceptionClass = /\b(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Timeout|Refused)\b/u;
const trouble =
  /\b(?:errors?|exception|fail(?:ed|ure|s|ing)?|time[ -]?outs?|timed[ -]?out|refused|reset|unreachable|denied|unauthori[sz]ed|forbidden|unavailable|cannot|can't|could not|couldn't|unable|not known|no route|broken pipe|critical|fatal|traceback|errno|did not respond|no response|invalid|rejected|not found|status(?: code)?\W{0,3}5\d\d|5\d\d (?:server error|bad gateway|service unavailable|gateway time))\b/iu;
const timeOut =
  /\b(?:time[ -]?outs?|timed[ -]?out|\w*Timeout(?:Error)?|did not respond|no response|deadline exceeded)\b/iu;

const startup =
  /Application startup failed|Error loading ASGI app|\b(?:ModuleNotFoundError|ImportError|SyntaxError|IndentationError): |address already in use|\[Errno 98\]|Worker failed to boot|Failed to (?:find|load|parse) (?:the )?(?:application|attribute|app\b|config)|Child process \[?\d+\]? died|start-?up (?:failed|aborted|error)|failed to start\b|exec format error|can't open file|No module named/iu;
const missingVariable =
  /\b(?:missing|required|must be set|not set|is unset|undefined|not configured|not provided|no value|not found|does not exist|field required)\b/iu;
const keyError = /\bKeyError: ['"]([A-Z][A-Z0-9_]{2,})['"]/u;
const variableName = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/gu;
const aboutEnvironment = /\benv(?:ironment)?(?:[ _-]?var(?:iable)?s?)?\b|\bsettings?\b/iu;

const redis =
  /\b(?:io)?redis\b|\b(?:port |:)6379\b|\b(?:NOAUTH|WRONGPASS|MISCONF|READONLY You can't write|LOADING Redis|CLUSTERDOWN)\b|OOM command not allowed|\bError -?\d+ connecting to [^\s:]+:\d+/iu;
const database =
  /\b(?:psycopg\w*|sqlalchemy|asyncpg|pg8000|postgres(?:ql)?|pymysql|OperationalError|QueuePool|UndefinedTable)\b|\bconnection to server (?:at|on)\b|could not translate host name|password authentication failed for user|remaining connection slots|too many (?:clients|connections)|relation "[^"]*" does not exist|\bdatabase\b/iu;
const hub =
  /hugging ?face|\bhf[_.-]?hub\b|\bhf\.co\b|\bHfHub\w+|\b(?:RepositoryNotFound|GatedRepo|RevisionNotFound|EntryNotFound|LocalEntryNotFound|OfflineModeIsEnabled)\w*/iu;
const auth =
  /\bauth(?:entication|orization|n|z)?[ ._-]?(?:service|server|middleware|client|backend|provider|api|upstream|call|request|check|host)\b|\b(?:middleware|services?|clients?)[./]auth\b|\b(?:validat|verif)\w* (?:the )?(?:api )?key\b|\bapi key (?:validat|verif)\w+|\bauth(?:entication|orization)? (?:[\w-]+ ){0,3}(?:timed out|timeout|unreachable|unavailable|refused|did not respond)/iu;
/**
 * A name without an address, as glibc, musl, macOS and Windows put it, their errno in Python's and redis-py's
 * form (EAI_NONAME -2, AGAIN -3, FAIL -4, NODATA -5), and what libpq, psycopg, urllib3, c-ares, Node, Go and
 * Java say in their own words.
 */
const unresolved =
  /name or service not known|failure in name resolution|name resolution fail|name does not resolve|nodename nor servname|no address associated with|\berrno -[2345]\b|\berror -[2345] connecting to|getaddrinfo (?:failed|E[A-Z])|\bgaierror\b|\bENOTFOUND\b|\bEAI_(?:AGAIN|NONAME|NODATA|FAIL)\b|NameResolutionError|could not translate host name|(?:failed|unable|not|n't|cannot) (?:to )?resolve (?:the )?host|\bno such host\b|UnknownHost(?:Exception|Error)|domain name not found|(?:contact(?:ing)? DNS servers|DNS server returned)|\blookup \S+(?: on \S+)?: server misbehaving/iu;
const requestCrash =
  /Exception in ASGI application|\bmodel[_ .-]?serving\b|\bprediction (?:failed|error)\b|\b(?:load|loading) (?:the )?model\b/iu;

/** An access line of uvicorn, gunicorn or of a JSON logger, as method, path and status. */
const access = /"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\S+) HTTP\/[\d.]+"\s+(\d{3})\b/u;
const jsonField = (name: string): RegExp =>
  new RegExp(`"(?:http_?|request[._]?)?${name}"\\s*:\\s*"?([^",}\\s]+)`, "iu");
const jsonFields = {
  method: jsonField("method"),
  path: jsonField("(?:path|url|uri)"),
  status: jsonField("status(?:_?code)?"),
};

export function accessOf(text: string): { method: string; path: string; status: number } | null {
  const line = access.exec(text);
  if (line !== null) return { method: line[1] ?? "", path: line[2] ?? "", status: Number(line[3]) };
  const [method, path, status] = [jsonFields.method, jsonFields.path, jsonFields.status].map(
    (field) => field.exec(text)?.[1],
  );
  if (path === undefined || status === undefined || !/^\d{3}$/u.test(status)) return null;
  return { method: (method ?? "").toUpperCase(), path, status: Number(status) };
}

/** The names of variables that this line says are missing. */
export function missingVariables(text: string, variables: readonly string[]): readonly string[] {
  const key = keyError.exec(text)?.[1];
  if (key !== undefined) return [key];
  if (!missingVariable.test(text)) return [];
  const lower = text.toLowerCase();
  const required = variables.filter((name) => lower.includes(name.toLowerCase()));
  if (required.length > 0) return required;
  return aboutEnvironment.test(text) ? [...new Set(text.match(variableName))] : [];
}

const mentions = (text: string, host: string | null): boolean =>
  host !== null && host !== "" && text.includes(host);

/** The kind of one line; null for a line that complains about nothing we look for. */
export function kindOf(text: string, wording: Wording): LogKind | null {
  const request = accessOf(text);
  if (request !== null) {
    const path = request.path.replace(/^https?:\/\/[^/]+/u, "").split("?")[0] ?? "";
    // A GET there is answered 405 by a healthy API: only what customers send counts.
    if (
      request.status === 405 &&
      wording.anyPredict.test(path) &&
      /^(?:POST)?$/u.test(request.method)
    ) {
      return "method-not-allowed";
    }
    return request.status >= 500 && wording.thisModel.test(path) ? "model-error" : null;
  }
  const said = level.exec(text)?.[1]?.toUpperCase();
  const calm = said === "INFO" || said === "DEBUG" || said === "TRACE" || said === "NOTICE";
  if (calm && !exceptionClass.test(text)) return null;
  const severe = said === "ERROR" || said === "CRITICAL" || said === "FATAL";
  // A warning about somebody else's variable is common and harmless.
  if ((said === undefined || severe) && missingVariables(text, wording.variables).length > 0)
    return "missing-variable";
  if (startup.test(text)) return "startup";
  const nameless = unresolved.test(text);
  if (!severe && !nameless && !trouble.test(text) && !exceptionClass.test(text)) return null;
  if (redis.test(text) || mentions(text, wording.redis))
    return nameless ? "redis-unresolved" : "redis";
  if (database.test(text) || mentions(text, wording.database))
    return nameless ? "database-unresolved" : "database";
  if (hub.test(text) || mentions(text, wording.hubHost)) return nameless ? "hub-unresolved" : "hub";
  if (auth.test(text) || mentions(text, wording.authHost)) {
    if (nameless) return "auth-unresolved";
    return timeOut.test(text) ? "auth-timeout" : "auth-error";
  }
  if (requestCrash.test(text) || wording.thisModel.test(text)) return "model-error";
  return "other-error";
}

/** A process that starts, and one that has started. */
export const startMarker =
  /Started server process|Waiting for application startup|Booting worker|Starting gunicorn/iu;
export const startedMarker = /Application startup complete|Uvicorn running on|Listening at: http/iu;
/** The end of a crash: what a stream that never got to serve says last. */
export const crashSign =
  /Traceback \(most recent call last\)|\b(?:CRITICAL|FATAL)\b|^(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)\b|SystemExit/u;
