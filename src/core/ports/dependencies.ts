/** What facts may ask the service's dependencies. Implemented by src/clients. Plain JSON, no secrets. */
import type { Service } from "../config.ts";
import type { HttpObservation } from "./probe.ts";

/** How a connection to a server that does not speak HTTP ended. */
export type ConnectionOutcome =
  | "ok"
  | "no-name"
  | "refused"
  | "timeout"
  | "tls-failure"
  | "auth-error"
  | "starting" // up, and not ready yet: loading its data, recovering
  | "too-many-connections"
  | "broken"; // closed, reset or answered something else than its protocol

export interface RedisObservation {
  /** "host:port", without credentials. */
  readonly endpoint: string;
  readonly outcome: ConnectionOutcome;
  readonly code: string | null;
  /** One redacted line. */
  readonly detail: string;
  readonly tookMs: number;
  /** Bytes; null where INFO is not allowed or the connection failed. maximum 0 means no limit. */
  readonly memory: {
    readonly used: number;
    readonly maximum: number;
    readonly policy: string;
  } | null;
}

export interface DeployedModelRow {
  readonly id: string;
  readonly modelId: string;
  readonly status: string;
}

export interface DatabaseObservation {
  readonly endpoint: string;
  readonly table: string;
  readonly outcome: ConnectionOutcome;
  /** SQLSTATE or the system's code. */
  readonly code: string | null;
  readonly detail: string;
  readonly tookMs: number;
  /** At most ten; null where they could not be read. */
  readonly rows: readonly DeployedModelRow[] | null;
}

/** Bodies are left out: they name people. */
export interface HubObservation {
  readonly repository: string | null;
  /** Whether the hub accepts the configured token; null where none is configured. */
  readonly token: HttpObservation | null;
  /** The repository asked for with the token, or without where there is none. */
  readonly model: HttpObservation | null;
}

export interface RegistryObservation {
  readonly model: string;
  readonly answer: HttpObservation;
  /** null: the registry does not know the model, or did not answer. */
  readonly latest: {
    readonly version: string;
    readonly stage: string;
    readonly status: string;
  } | null;
}

export interface DependencyPorts {
  /** Connects, authenticates, PING and INFO memory. Throws FactUnavailable where it cannot be seen. */
  readonly redis: { ping(service: Service, signal: AbortSignal): Promise<RedisObservation> };
  /** Reads the deployment rows of one model in a read-only transaction. */
  readonly database: {
    deployedModels(
      service: Service,
      model: string,
      signal: AbortSignal,
    ): Promise<DatabaseObservation>;
  };
  readonly hub: {
    repository(service: Service, runId: string, signal: AbortSignal): Promise<HubObservation>;
  };
  readonly registry: {
    model(service: Service, runId: string, signal: AbortSignal): Promise<RegistryObservation>;
  };
}
