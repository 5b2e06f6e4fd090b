/**
 * What is run inside the container: one fixed program, whose only changing parts are the service's
 * port and the validated hosts and ports of the catalogue. It reads, connects and asks GET /; it
 * changes nothing and never prints a value of the environment but the host and port in it.
 *
 * The image of a Python service has an interpreter of that language, and often neither curl nor nc.
 */
import { insidePlaces, type InsidePlace, type Place, type Places } from "#core/ports/exec.ts";

/** No single quotes in here: the whole stands between two of them. */
const program = `
import http.client, json, os, signal, socket, ssl, sys, threading, time
from urllib.parse import urlsplit
LIMIT = 2.5
signal.alarm(12)

def say(row):
    sys.stdout.write(json.dumps(row) + chr(10))
    sys.stdout.flush()

def place(name, host, port):
    if host != "-":
        return host, int(port)
    url = urlsplit(os.environ.get({"redis": "REDIS_URL", "database": "DATABASE_URL"}.get(name, ""), ""))
    if url.hostname:
        return url.hostname, url.port or int(port)
    host = os.environ.get({"redis": "REDIS_HOST", "database": "DATABASE_HOST"}.get(name, ""))
    return host, int(os.environ.get(name.upper() + "_PORT") or port)

def connect(addresses, port):
    for address in addresses:
        try:
            return socket.create_connection((address, port), LIMIT)
        except OSError:
            if address == addresses[-1]:
                raise

def look(row, kind, host, port):
    began = time.time()
    try:
        row["phase"] = "name"
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        row["addresses"] = list(dict.fromkeys(one[4][0] for one in found))[:8]
        row["phase"] = "connect"
        stream = connect(row["addresses"][:2], port)
        if kind == "https":
            row["phase"] = "tls"
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
        if kind != "tcp":
            row["phase"] = "answer"
            stream.settimeout(LIMIT)
            client = http.client.HTTPConnection(host, port)
            client.sock = stream
            client.request("GET", "/", headers={"User-Agent": "hokusai/inside", "X-Request-ID": "hokusai-inside"})
            row["status"] = client.getresponse().status
        stream.close()
        row["phase"] = "done"
    except Exception as error:
        row["error"] = type(error).__name__
        row["errno"] = getattr(error, "errno", None)
        row["detail"] = str(error)[:160]
    row["ms"] = round((time.time() - began) * 1000)
    say(row)

def own(port):
    row = {"probe": "own", "port": port, "listening": None}
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = open(name).read().splitlines()[1:]
        except OSError:
            continue
        for cells in [line.split() for line in lines]:
            if cells[3] == "0A":
                address, number = cells[1].split(":")
                row["listening"] = (row["listening"] or []) + [[address, int(number, 16)]]
    look(row, "http", "127.0.0.1", port)

def other(name, kind, host, port):
    row = {"probe": name}
    try:
        host, port = place(name, host, port)
    except ValueError:
        host = None
    if host:
        row.update(host=host, port=port)
        look(row, kind, host, port)
    else:
        say(row)

words = sys.argv[1:]
work = [threading.Thread(target=own, args=(int(words[0]),))]
for at in range(1, len(words), 4):
    work.append(threading.Thread(target=other, args=words[at:at + 4]))
for one in work:
    one.start()
for one in work:
    one.join()
`.trim();

export const noInterpreter = "__NO_INTERPRETER";

/** Where HTTP is spoken; the data stores get a connection and not a byte. */
const speaksHttp: Readonly<Record<InsidePlace, boolean>> = {
  auth: true,
  hub: true,
  redis: false,
  database: false,
};
const usualPort = { auth: 443, hub: 443, redis: 6379, database: 5432 } as const;

const hostPattern = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?$/u;

const isSafe = ({ host, port }: Place): boolean =>
  hostPattern.test(host) && Number.isInteger(port) && port > 0 && port < 65_536;

/** The words after the program: nothing but our own names and what passed validation. */
const wordsOf = (port: number, places: Places): readonly string[] => [
  `${port}`,
  ...insidePlaces.flatMap((name) => {
    const place = places[name];
    const kind = speaksHttp[name] ? (place?.plain === true ? "http" : "https") : "tcp";
    return place !== null && isSafe(place)
      ? [name, kind, place.host, `${place.port}`]
      : [name, kind, "-", `${usualPort[name]}`];
  }),
];

/** Between double quotes of a shell. */
const escaped = (text: string): string => text.replaceAll(/[\\"$`]/gu, String.raw`\$&`);

/**
 * The command line for ECS Exec, which splits it like a shell and starts its first word: /bin/sh finds
 * Python and prints the exit code, which a terminal session does not carry.
 */
export function commandLine(port: number, places: Places): string {
  const find =
    "for P in python3 python /usr/local/bin/python3 /opt/venv/bin/python; do " +
    'if command -v "$P" >/dev/null 2>&1; then break; fi; P=; done';
  const run = `"$P" -c "${escaped(program)}" ${wordsOf(port, places).join(" ")}`;
  const script = `${find}; if [ -z "$P" ]; then echo ${noInterpreter}; else ${run}; fi; echo __RC=$?`;
  return `/bin/sh -c '${script}'`;
}
