import type { Socket } from "node:net";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { ConnectionOutcome } from "#core/ports/dependencies.ts";
import { ownDeadline, type Connector } from "./probe/connection.ts";
import { alertAfter, dial, handshake, isFailure } from "./probe/dial.ts";
import { outcomeOf } from "./probe/outcome.ts";
import { within } from "./probe/own-time.ts";

/** Where a client that speaks its own protocol may connect: always an address, never a name. */
export interface Endpoint {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}
/** An endpoint with a connection to it that is open, by TLS where that was wished for. */
export interface Reached extends Endpoint {
  readonly socket: Socket;
}
export interface EndpointProblem {
  readonly outcome: Exclude<ConnectionOutcome, "ok">;
  readonly code: string | null;
  readonly detail: string;
}

/**
 * Everything that is said to one endpoint, from its name to the last answer. It ends well before the
 * deadline of the facts that ask (4.9 s), so that a silent endpoint is a finding and not our own time-out.
 */
export const conversationMs = 3_800;
const phaseMs = 2_000;
/** A round trip, with much to spare. */
const alertMs = 500;

export interface Reach {
  readonly host: string;
  readonly port: number;
  /** Whether a TLS handshake belongs to the way there. */
  readonly secure: boolean;
}

/**
 * Resolves, judges the address and tries the port. From the internet a refusal or a time-out means
 * something only where the operator opened a way (port map, allowPrivate): private things are out of reach there.
 * `signal` is the fact's own; `soon` ends the conversation before it.
 */
export async function reachEndpoint(
  connector: Connector,
  what: string,
  { host, port, secure }: Reach,
  signal: AbortSignal,
  soon: AbortSignal,
): Promise<Reached | EndpointProblem> {
  const outside = notApplicable(
    `${what} at ${host}:${port} cannot be seen from the internet`,
    "run the bot in the VPC (network.vantage: vpc, network.allowPrivate), or give a way in network.portMap",
  );
  const resolution = await within(phaseMs, soon, (end) => connector.resolve(host, end));
  if (signal.aborted) throw ownDeadline(what);
  const [first] = resolution.addresses;
  const mapped = connector.policy.mapped(host, first ?? null, port);
  if (mapped === null) {
    if (first === undefined) {
      if (connector.vantage === "internet") throw outside;
      const { outcome, code } = resolution.problem ?? { outcome: "no-address", code: "ENODATA" };
      // A name server that fails says nothing of what the name stands for.
      if (outcome !== "no-such-name" && outcome !== "no-address") {
        throw new FactUnavailable({
          reason: "broken",
          detail: `${host} of ${what} was not resolved: the name server failed (${code})`,
          mend: "check again, or set network.resolver in hokusai.yaml",
        });
      }
      return { outcome: "no-name", code, detail: `${host} has no address` };
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
  const dialled = await within(phaseMs, soon, (end) => dial(to.address, to.port, end, () => true));
  if (!isFailure(dialled)) {
    const { socket } = dialled;
    const shaken = secure ? await shake(connector, socket, host, soon) : socket;
    if (signal.aborted) throw ownDeadline(what);
    return "outcome" in shaken ? shaken : { host, ...to, socket: shaken };
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

/** The TLS socket, or what is wrong: certificates are told apart as for any other host. */
async function shake(
  connector: Connector,
  socket: Socket,
  host: string,
  soon: AbortSignal,
): Promise<Socket | EndpointProblem> {
  const shaken = await within(phaseMs, soon, (end) =>
    handshake(socket, host, connector.authorities, end),
  );
  const failure = isFailure(shaken) ? shaken : shaken.problem;
  if (failure === null && !isFailure(shaken)) return shaken.secure;
  if (!isFailure(shaken)) {
    shaken.secure.on("error", () => {});
    shaken.secure.destroy();
  }
  return {
    outcome: "tls-failure",
    code: failure?.code ?? null,
    detail: failure?.outcome.replaceAll("-", " ") ?? "",
  };
}

/** How an endpoint takes a TLS handshake, asked where its own protocol failed without saying why. */
export async function takesTls(
  connector: Connector,
  { host, address, port }: Endpoint,
  soon: AbortSignal,
): Promise<"no" | "yes" | "wants-client-certificate"> {
  const dialled = await within(phaseMs, soon, (end) => dial(address, port, end, () => true));
  if (isFailure(dialled)) return "no";
  const shaken = await within(phaseMs, soon, (end) =>
    handshake(dialled.socket, host, connector.authorities, end),
  );
  // On failure the handshake has closed what it was given.
  if (isFailure(shaken)) return "no";
  const code = await within(alertMs, soon, (end) => alertAfter(shaken.secure, end));
  return code !== null && outcomeOf("tls", code) === "client-certificate-wanted"
    ? "wants-client-certificate"
    : "yes";
}

export const isReached = (value: Reached | EndpointProblem): value is Reached => "socket" in value;
