import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { NameProblem, Resolution } from "#core/ports/probe.ts";
import { codeOf, nameProblem } from "./outcome.ts";
import { ownNow } from "./own-time.ts";

export type Resolve = (host: string, signal: AbortSignal) => Promise<Resolution>;

const maxAliases = 5;

/** Asks name servers itself, so that a cache or a hosts file of this machine hides nothing. */
export function createResolve(server: string | null): Resolve {
  return async (host, signal) => {
    const started = ownNow();
    const done = (
      addresses: readonly string[],
      cnames: readonly string[],
      problem: NameProblem | null,
    ): Resolution => ({
      host,
      addresses,
      cnames,
      problem,
      tookMs: Math.max(0, Math.round(ownNow() - started)),
    });
    if (isIP(host) !== 0) return done([host], [], null);
    // RFC 6761: never asked of a server.
    if (host === "localhost") return done(["127.0.0.1", "::1"], [], null);
    if (signal.aborted) return done([], [], nameProblem("ETIMEOUT"));
    const resolver = new Resolver({ timeout: 1_000, tries: 2, maxTimeout: 2_000 });
    if (server !== null) resolver.setServers([server]);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const [four, six, cnames] = await Promise.all([
        ask(resolver.resolve4(host)),
        ask(resolver.resolve6(host)),
        aliases(resolver, host),
      ]);
      const addresses = [...four.records.toSorted(), ...six.records.toSorted()];
      return done(addresses, cnames, addresses.length > 0 ? null : worse(four.code, six.code));
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
}

async function ask(query: Promise<string[]>): Promise<{ records: string[]; code: string }> {
  try {
    return { records: await query, code: "ENODATA" };
  } catch (error) {
    return { records: [], code: codeOf(error) };
  }
}

async function aliases(resolver: Resolver, host: string): Promise<string[]> {
  const chain: string[] = [];
  let name = host;
  while (chain.length < maxAliases) {
    const { records } = await ask(resolver.resolveCname(name));
    const [next] = records;
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    name = next;
  }
  return chain;
}

/** "No address of this family" says less than anything else the other family met. */
function worse(four: string, six: string): NameProblem {
  const code = four === "ENODATA" ? six : four;
  // Cancelled means that our own time was up before the server answered.
  return nameProblem(code === "ECANCELLED" ? "ETIMEOUT" : code);
}
