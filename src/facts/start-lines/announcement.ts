import { accessOf } from "../log-lines/kinds.ts";

/** Where a program says that it listens; nothing else of its line is kept. */
export interface ListensAt {
  /** An IP address ("[::]" in brackets) or "localhost"; null where the line names none, or a name of its own. */
  readonly address: string | null;
  readonly port: number;
}

/** What a line of a start says. */
export type StartLine =
  | { readonly says: "listens"; readonly at: readonly ListensAt[] }
  /** It listens on a unix socket: something else in the task has the port. */
  | { readonly says: "socket" }
  /** Its start ended; where it listens is another line. */
  | { readonly says: "started" };

const ip = String.raw`\[[0-9a-f:.]+\]|(?:\d{1,3}\.){3}\d{1,3}`;
/** "http://host:8001", "0.0.0.0:8001", "[::]:8001", ":::8001", ":8001": without a scheme no name stands alone. */
const place = String.raw`(?:(?:https?|tcp):\/\/(?<host>${ip}|[\w.*-]+)|(?<![\w.\]:/@])(?<bare>${ip}|localhost|\*|::)?):(?<port>\d{1,5})(?![\d:.])`;

/**
 * Written by the server itself, which knows what it has bound: uvicorn, gunicorn, granian, hypercorn, werkzeug.
 * In front of hypercorn's "Running on" stands a level or a mark; behind a word it is somebody's own sentence.
 */
const byServer =
  /\bUvicorn running on |\bListening at: |(?:^|[^\sA-Za-z]|\b(?:INFO|info):?)\s*\bRunning on (?=https?:)/u;
/** Written by hand or by a framework: "Example app listening on port 3000", "http server started on [::]:8080". */
const byHand =
  /\b(?:listening(?! to\b| for\b)|listens|serving http|serving (?=on|at))\b|\b(?:server|app|application|service|api|tomcat|netty|jetty|undertow)\b.{0,20}?\b(?:running|started|ready|live) (?=on|at)|\b(?:starting|started) (?:the |http |web |https )*server (?=on|at)/iu;
const portOnly = /^.{0,60}?\bport(?:\(s\))?:? (?<port>\d{1,5})\b(?![.:]\d)/iu;

/** Other doors of the same process, and sentences about somebody else's. */
const otherDoor =
  /\b(?:metrics|prometheus|debugger|inspector|management|admin|profil\w+|pprof|statsd|errors?|refused|fail\w*|cannot|can't|could not|unable|exception|timed? ?out|not listening|is the server)\b/iu;
const socket = /\b(?:unix socket|unix:)/iu;
const started = /\bApplication startup complete\b/u;
// oxlint-disable-next-line no-control-regex -- the escape character is what colours begin with
const colours = /\u001b\[[\d;]*m/gu;

/** Null: the line says nothing of the kind. */
export function startLineOf(line: string): StartLine | null {
  const text = line.replace(colours, "");
  if (accessOf(text) !== null) return null;
  const server = byServer.exec(text);
  const words = server ?? (otherDoor.test(text) ? null : byHand.exec(text));
  if (words === null) return started.test(text) ? { says: "started" } : null;
  const rest = text.slice(words.index + words[0].length);
  if (socket.test(rest)) return { says: "socket" };
  const at = placesIn(rest, server !== null);
  return at.length === 0 ? null : { says: "listens", at };
}

/** A server names each place that it bound; by hand, what follows the first one is for people to click on. */
function placesIn(rest: string, byItself: boolean): readonly ListensAt[] {
  const named = [...rest.slice(0, 300).matchAll(new RegExp(place, "giu"))];
  const port = named.length === 0 && !byItself ? portOnly.exec(rest)?.groups?.["port"] : undefined;
  const places =
    port === undefined
      ? named.slice(0, byItself ? 4 : 1).map(({ groups = {} }) => ({
          address: addressOf(groups["host"] ?? groups["bare"] ?? null, byItself),
          port: Number(groups["port"]),
        }))
      : [{ address: null, port: Number(port) }];
  return places.filter((one) => one.port > 0 && one.port <= 65_535);
}

/** By hand "localhost" is a link for whoever starts it on a laptop, and says nothing of what was bound. */
function addressOf(host: string | null, byItself: boolean): string | null {
  if (host === null) return null;
  if (host === "*") return "0.0.0.0";
  if (host === "::") return "[::]";
  if (host.toLowerCase() === "localhost") return byItself ? "localhost" : null;
  return new RegExp(`^(?:${ip})$`, "iu").test(host) ? host : null;
}

/** Whether only the container itself reaches that address. */
export const isLoopback = ({ address }: ListensAt): boolean =>
  address === "localhost" ||
  (address !== null && /^(?:127\.|\[(?:::1|::ffff:127\.[\d.]+)\]$)/iu.test(address));

/** Lets every line through that `startLineOf` may know. Case-sensitive: AWS knows no other. */
export const startPattern = [
  "unning on",
  "unning at",
  "istening",
  "istens",
  "erving on",
  "erving at",
  "erving HTTP",
  "tarted on",
  "tarted at",
  "erver on",
  "erver at",
  "eady on",
  "eady at",
  "ive on",
  "ive at",
  "startup complete",
]
  .map((term) => `?${JSON.stringify(term)}`)
  .join(" ");
