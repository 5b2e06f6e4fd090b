import { Resolver } from "node:dns/promises";
import { FactUnavailable } from "#core/missing.ts";
import type { HttpOutcome } from "#core/ports/probe.ts";

const nameOutcomes: ReadonlySet<HttpOutcome> = new Set<HttpOutcome>([
  "no-such-name",
  "no-address",
  "name-server-failure",
  "name-server-refused",
  "name-server-timeout",
  "name-server-unreachable",
  "name-server-garbled",
]);

/** How long an answer about our own network holds. */
const rememberMs = 10_000;

/**
 * A bot whose own network resolves nothing would call every name on the path broken. Where a name
 * fails, a name that always exists is asked for; fails that too, nothing was learned of the target.
 * A resolver that the configuration names may know only its own zone: it is blamed when it is silent.
 */
export function createOwnNetworkGuard(
  resolver: string | null,
  ask: (signal: AbortSignal) => Promise<boolean> = resolvesTopLevel,
): (outcome: HttpOutcome, host: string, signal: AbortSignal) => Promise<void> {
  let known: { readonly at: number; readonly works: Promise<boolean> } | null = null;
  const works = (signal: AbortSignal): Promise<boolean> => {
    if (known === null || performance.now() - known.at > rememberMs) {
      known = { at: performance.now(), works: ask(signal) };
    }
    return known.works;
  };

  return async (outcome, host, signal) => {
    if (!nameOutcomes.has(outcome)) return;
    if (resolver !== null) {
      if (outcome !== "name-server-unreachable") return;
      throw new FactUnavailable({
        reason: "broken",
        detail: `nothing answers at the configured resolver ${resolver} (asked for ${host})`,
        mend: "correct network.resolver in hokusai.yaml, or take it out to use the system's",
      });
    }
    if (await works(signal)) return;
    throw new FactUnavailable({
      reason: "broken",
      detail: `no name resolves from this network, ${host} among them`,
      mend: "run the bot where public names resolve, or set network.resolver in hokusai.yaml",
    });
  };
}

/** "com." has name servers wherever the public DNS can be asked. */
async function resolvesTopLevel(signal: AbortSignal): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return (await resolver.resolveNs("com")).length > 0;
  } catch {
    return false;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
