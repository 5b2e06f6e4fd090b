import type { Config } from "#core/config.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { ProbePort } from "#core/ports/probe.ts";
import { createMemoryPredictionCount, type PredictionCount } from "#core/prediction-count.ts";
import type { Redactor } from "#core/redact.ts";
import { createConnector, ownDeadline, type Connector } from "./connection.ts";
import { createHttp, type SendHttp } from "./http.ts";
import { createKeys } from "./keys.ts";
import { createOwnNetworkGuard } from "./own-network.ts";
import { elapsed, ownNow, within } from "./own-time.ts";
import { allowedHosts, hostOf, notOurHost, roleOf } from "./policy.ts";

export interface ProbeOptions {
  readonly config: Pick<Config, "services" | "models" | "network" | "limits" | "secrets">;
  readonly redactor: Redactor;
  /** Of this program, for the User-Agent. */
  readonly version: string;
  /** The day's predictions over all runs; in memory by default. */
  readonly predictions?: PredictionCount;
}

/** Shared by the probe port and by the clients of HTTP dependencies. */
export interface Outbound {
  readonly connector: Connector;
  readonly send: SendHttp;
  /** Throws FactUnavailable where a name failed because of our own network. */
  readonly guard: ReturnType<typeof createOwnNetworkGuard>;
  /** Headers that mark a request as ours. */
  mark(runId: string): {
    readonly requestId: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** `series` keeps the request ids of two outbounds in one run apart. */
export function createOutbound(options: ProbeOptions, series = ""): Outbound {
  const connector = createConnector(options.config.network);
  const guard = createOwnNetworkGuard(options.config.network.resolver);
  const sendRaw = createHttp(connector, options.redactor);
  const numbers = new Map<string, number>();
  return {
    connector,
    guard,
    send: async (request, signal) => {
      const seen = await sendRaw(request, signal);
      await guard(seen.outcome, seen.host, signal);
      return seen;
    },
    mark: (runId) => {
      const number = (numbers.get(runId) ?? 0) + 1;
      if (numbers.size > 500) numbers.delete(numbers.keys().next().value ?? "");
      numbers.set(runId, number);
      const requestId = `hokusai-${runId}-${series}${number}`;
      return {
        requestId,
        headers: { "user-agent": `hokusai/${options.version}`, "x-request-id": requestId },
      };
    },
  };
}

export function createProbePorts(options: ProbeOptions): { readonly probe: ProbePort } {
  const { config } = options;
  const outbound = createOutbound(options);
  const { connector } = outbound;
  const hosts = allowedHosts(config);
  const keys = createKeys(config, options.predictions ?? createMemoryPredictionCount());

  const http: ProbePort["http"] = async (request, signal) => {
    const host = hostOf(request.url);
    const protocol = host === null ? "" : new URL(request.url).protocol;
    if (host === null || (protocol !== "https:" && protocol !== "http:")) {
      throw new FactUnavailable({
        reason: "not-applicable",
        detail: "the URL is no HTTP address",
        mend: "give the URL as https://host/path",
      });
    }
    if (!hosts.has(host)) throw notOurHost(host);
    if (request.method.toUpperCase() === "HEAD")
      throw new Error("HEAD proves nothing about GET: do not probe with it");
    const key = await keys.headerFor(request);
    const mark = outbound.mark(request.runId);
    return outbound.send(
      {
        ...request,
        headers: {
          accept: "application/json, */*;q=0.5",
          ...request.headers,
          ...mark.headers,
          ...key.headers,
        },
        requestId: mark.requestId,
        used: key.used,
      },
      signal,
    );
  };

  const tls: ProbePort["tls"] = async ({ host, port, timeoutMs }, signal) => {
    if (!hosts.has(host.toLowerCase())) throw notOurHost(host);
    return within(timeoutMs * 2, signal, async (soon) => {
      const started = ownNow();
      const opened = await connector.open(
        { host, port, secure: true, connectTimeoutMs: timeoutMs },
        soon,
      );
      opened.socket?.destroy();
      if (signal.aborted && opened.failure !== null) throw ownDeadline(`TLS ${host}`);
      if (opened.failure !== null) await outbound.guard(opened.failure.outcome, host, signal);
      return {
        host,
        port,
        address: opened.address,
        vantage: connector.vantage,
        outcome: opened.failure?.outcome ?? "answered",
        phase: opened.failure?.phase ?? null,
        code: opened.failure?.code ?? null,
        timings: opened.timings,
        totalMs: elapsed(started),
        certificate: opened.certificate,
      };
    });
  };

  const probe: ProbePort = {
    vantage: config.network.vantage,
    http,
    tls,
    resolve: async (host, signal) => {
      const resolution = await within(2_800, signal, (soon) => connector.resolve(host, soon));
      if (signal.aborted && resolution.problem !== null) throw ownDeadline(`DNS ${host}`);
      if (resolution.problem !== null) {
        await outbound.guard(resolution.problem.outcome, host, signal);
      }
      return resolution;
    },
    hostRole: (service, host) => roleOf(hosts, service.id, host),
    keyState: keys.state,
    siblings: (target) =>
      config.models.filter(
        (model) => model.service.id === target.service.id && model.id !== target.id,
      ),
  };
  return { probe };
}
