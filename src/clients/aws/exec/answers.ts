import {
  insidePlaces,
  type ContainerView,
  type InsideOutcome,
  type InsideView,
  type ListeningSocket,
} from "#core/ports/exec.ts";

type Row = Readonly<Record<string, unknown>>;

/** The program's lines as what they mean; lines that are none of them are left out. */
export function toView(output: string): Pick<ContainerView, "places" | "own"> {
  const rows = new Map(
    output.split("\n").flatMap((line) => {
      const row = toRow(line.trim());
      return typeof row?.["probe"] === "string" ? [[row["probe"], row] as const] : [];
    }),
  );
  const view = (name: string): InsideView | null => {
    const row = rows.get(name);
    return row === undefined || typeof row["host"] !== "string" ? null : toInsideView(row);
  };
  const own = rows.get("own");
  return {
    places: Object.fromEntries(insidePlaces.map((name) => [name, view(name)])) as Record<
      (typeof insidePlaces)[number],
      InsideView | null
    >,
    own:
      own === undefined
        ? null
        : {
            port: toNumber(own["port"]) ?? 0,
            listening: toSockets(own["listening"]),
            answer: toInsideView(own),
          },
  };
}

function toRow(line: string): Row | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Row) : null;
  } catch {
    return null;
  }
}

const toNumber = (value: unknown): number | null => (typeof value === "number" ? value : null);
const toText = (value: unknown): string => (typeof value === "string" ? value : "");

function toInsideView(row: Row): InsideView {
  const addresses: unknown = row["addresses"];
  const error = [toText(row["error"]), toText(row["detail"])].filter(Boolean).join(": ");
  return {
    host: toText(row["host"]),
    port: toNumber(row["port"]) ?? 0,
    outcome: outcomeOf(toText(row["phase"]), toText(row["error"])),
    phase: toText(row["phase"]),
    addresses: Array.isArray(addresses)
      ? addresses.filter((one): one is string => typeof one === "string")
      : [],
    status: toNumber(row["status"]),
    error: error === "" ? null : error.slice(0, 200),
    tookMs: toNumber(row["ms"]) ?? 0,
  };
}

/** By phase and the name of Python's exception: `timeout` before 3.10 is `TimeoutError` since. */
function outcomeOf(phase: string, error: string): InsideOutcome {
  if (phase === "done") return "ok";
  if (phase === "name") return "no-name";
  if (/^(?:TimeoutError|timeout)$/u.test(error)) return "timeout";
  if (phase === "connect" && error === "ConnectionRefusedError") return "refused";
  return phase === "tls" ? "tls-failure" : "broken";
}

const loopback = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/u;

/** Addresses as /proc/net/tcp writes them: hexadecimal, each 32 bits in the machine's order. */
function toSockets(value: unknown): readonly ListeningSocket[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((pair: unknown) => {
    if (!Array.isArray(pair)) return [];
    const [address, port] = pair as readonly unknown[];
    if (typeof address !== "string" || typeof port !== "number") return [];
    const on = /^0+$/u.test(address) ? "any" : loopback.test(address) ? "loopback" : "address";
    return [{ on, port } as const];
  });
}
