import { readFileSync } from "node:fs";
import { isIPv6, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import type { Network } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { Certificate, Phase, Resolution } from "#core/ports/probe.ts";
import { createAddressPolicy, type AddressPolicy } from "./addresses.ts";
import { dial, handshake, isFailure, type Failure } from "./dial.ts";
import { elapsed, ownNow, within } from "./own-time.ts";
import { createResolve, type Resolve } from "./resolve.ts";

/** What is shared by everything that opens a connection: one resolver, one policy, one set of authorities. */
export interface Connector {
  readonly vantage: Network["vantage"];
  readonly authorities: readonly string[];
  readonly resolve: Resolve;
  readonly policy: AddressPolicy;
  /** Opens one connection. `failure` set: there is no socket. */
  open(wish: Wish, signal: AbortSignal): Promise<Opened>;
}

export interface Wish {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly address?: string;
  readonly connectTimeoutMs: number;
}

export interface Opened {
  readonly address: string | null;
  readonly socket: Socket | null;
  readonly failure: Failure | null;
  readonly certificate: Certificate | null;
  readonly timings: Record<Phase, number | null>;
}

export function createConnector(network: Network): Connector {
  const resolve = createResolve(network.resolver);
  const policy = createAddressPolicy(network);
  const authorities = [...rootCertificates, ...readAuthorities(network.ca)];

  const open: Connector["open"] = async (wish, signal) => {
    const timings: Record<Phase, number | null> = {
      dns: null,
      connect: null,
      tls: null,
      headers: null,
      body: null,
    };
    const failed = (
      failure: Failure,
      address: string | null,
      certificate: Certificate | null = null,
    ): Opened => ({ address, socket: null, failure, certificate, timings });

    const resolution = await within(wish.connectTimeoutMs, signal, (soon) =>
      resolve(wish.host, soon),
    );
    if (resolution.problem !== null) return failed({ ...resolution.problem, phase: "dns" }, null);
    timings.dns = resolution.tookMs;
    const { address, to } = choose(resolution, wish, policy);

    const connecting = ownNow();
    const allowed = (remote: string): boolean =>
      to.mapped ? remote.replace(/^::ffff:/u, "") === to.address : policy.problem(remote) === null;
    const dialled = await within(wish.connectTimeoutMs, signal, (soon) =>
      dial(to.address, to.port, soon, allowed),
    );
    if (isFailure(dialled)) {
      // Sorted behind every IPv4 address, it was chosen because there is no other.
      if (dialled.code === "ENETUNREACH" && isIPv6(to.address) && wish.address === undefined)
        throw notApplicable(
          `${wish.host} has IPv6 addresses only, and this network has no way to them`,
          "run the bot where IPv6 works",
        );
      return failed(dialled, address);
    }
    timings.connect = elapsed(connecting);
    if (!wish.secure)
      return { address, socket: dialled.socket, failure: null, certificate: null, timings };

    const shaking = ownNow();
    const shaken = await within(wish.connectTimeoutMs, signal, (soon) =>
      handshake(dialled.socket, wish.host, authorities, soon),
    );
    if (isFailure(shaken)) {
      dialled.socket.destroy();
      return failed(shaken, address);
    }
    if (shaken.problem !== null) {
      // Nothing is ever sent to a server that did not prove its name.
      shaken.secure.on("error", () => {});
      shaken.secure.destroy();
      return failed(shaken.problem, address, shaken.certificate);
    }
    timings.tls = elapsed(shaking);
    return {
      address,
      socket: shaken.secure,
      failure: null,
      certificate: shaken.certificate,
      timings,
    };
  };

  return { vantage: network.vantage, authorities, resolve, policy, open };
}

/** Which address is tried, and where that really leads. Every answer of the name server is judged. */
function choose(resolution: Resolution, wish: Wish, policy: AddressPolicy) {
  const address = wish.address ?? resolution.addresses[0] ?? "";
  const mapped = policy.mapped(wish.host, address, wish.port);
  if (mapped !== null) return { address, to: { ...mapped, mapped: true } };
  for (const candidate of [...resolution.addresses, address]) {
    const problem = policy.problem(candidate);
    if (problem !== null && policy.mapped(wish.host, candidate, wish.port) === null) {
      throw notApplicable(
        `${wish.host} is not asked: ${problem}`,
        "add the range to network.allowPrivate if it is yours",
      );
    }
  }
  return { address, to: { address, port: wish.port, mapped: false } };
}

function readAuthorities(path: string | null): readonly string[] {
  if (path === null) return [];
  try {
    return [readFileSync(path, "utf8")];
  } catch (cause) {
    throw new HokusaiError(
      "configuration",
      `The certificate file network.ca (${path}) cannot be read.`,
      {
        next: "Name a readable PEM file, or remove the setting.",
        cause,
      },
    );
  }
}

/** Our own deadline, not the target's: the fact is missing, nothing is said of the target. */
export const ownDeadline = (what: string): FactUnavailable =>
  new FactUnavailable({
    reason: "timed-out-here",
    detail: `${what}: this run's time was up`,
    mend: "check again",
  });
