import type { Socket } from "node:net";
import { notApplicable } from "#core/missing.ts";
import type { ConnectionOutcome } from "#core/ports/dependencies.ts";
import { ownDeadline, type Connector } from "./probe/connection.ts";
import { dial, handshake, isFailure } from "./probe/dial.ts";
import { within } from "./probe/own-time.ts";

/** Where a client that speaks its own protocol may connect: always an address, never a name. */
export interface Endpoint {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}
export interface EndpointProblem {
  readonly outcome: Exclude<ConnectionOutcome, "ok">;
  readonly code: string | null;
  readonly detail: string;
}

const connectMs = 2_500;

/**
 * Resolves, judges the address and tries the port. From the internet a refusal or a time-out means
 * something only where the operator opened a way (port map, allowPrivate): private things are out of reach there.
 */
export async function reachEndpoint(
  connector: Connector,
  what: string,
  host: string,
  port: number,
  signal: AbortSignal,
  secure = false,
): Promise<Endpoint | EndpointProblem> {
  const outside = notApplicable(
    `${what} at ${host}:${port} cannot be seen from the internet`,
    "run the bot in the VPC (network.vantage: vpc, network.allowPrivate), or give a way in network.portMap",
  );
  const resolution = await within(connectMs, signal, (soon) => connector.resolve(host, soon));
  if (signal.aborted) throw ownDeadline(what);
  const [first] = resolution.addresses;
  const mapped = connector.policy.mapped(host, first ?? null, port);
  if (mapped === null) {
    if (first === undefined) {
      if (connector.vantage === "internet") throw outside;
      return {
        outcome: "no-name",
        code: resolution.problem?.code ?? null,
        detail: `${host} has no address`,
      };
    }
    for (const address of resolution.addresses) {
      const problem = connector.policy.problem(address);
      if (problem === null) continue;
      if (connector.vantage === "internet") throw outside;
      throw notApplicable(
        `${what} is not asked: ${problem}`,
        "add the range to network.allowPrivate if it is yours",
      );
    }
  }
  const to = mapped ?? { address: first ?? "", port };
  const dialled = await within(connectMs, signal, (soon) =>
    dial(to.address, to.port, soon, () => true),
  );
  if (!isFailure(dialled)) {
    const problem = secure ? await shake(connector, dialled.socket, host, signal) : null;
    dialled.socket.on("error", () => {});
    dialled.socket.destroy();
    if (signal.aborted) throw ownDeadline(what);
    return problem ?? { host, ...to };
  }
  if (signal.aborted) throw ownDeadline(what);
  const meant =
    mapped !== null || connector.vantage === "vpc" || connector.policy.opened(to.address);
  if (!meant) throw outside;
  const outcome =
    dialled.outcome === "connect-timeout"
      ? "timeout"
      : dialled.outcome === "connection-refused"
        ? "refused"
        : "broken";
  return {
    outcome,
    code: dialled.code,
    detail: outcome === "timeout" ? "connect timeout" : `connection failed (${dialled.code ?? ""})`,
  };
}

/** Protocol clients call a hung handshake a time-out like any other; here it is told apart. */
async function shake(
  connector: Connector,
  socket: Socket,
  host: string,
  signal: AbortSignal,
): Promise<EndpointProblem | null> {
  const shaken = await within(connectMs, signal, (soon) =>
    handshake(socket, host, connector.authorities, soon),
  );
  const failure = isFailure(shaken) ? shaken : shaken.problem;
  if (!isFailure(shaken)) {
    shaken.secure.on("error", () => {});
    shaken.secure.destroy();
  }
  return failure === null
    ? null
    : { outcome: "tls-failure", code: failure.code, detail: failure.outcome.replaceAll("-", " ") };
}

export const isEndpoint = (value: Endpoint | EndpointProblem): value is Endpoint =>
  "address" in value;
