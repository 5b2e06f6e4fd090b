/** What the running container itself sees: fixed probes through ECS Exec. Plain JSON, no secrets. */
import type { Service } from "../config.ts";

/** Host and port of a dependency, as the catalogue names it; null: the container's own environment may know it. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** HTTP without TLS, where HTTP is spoken. */
  readonly plain?: boolean;
}

export const insidePlaces = ["auth", "hub", "redis", "database"] as const;
export type InsidePlace = (typeof insidePlaces)[number];
export type Places = Readonly<Record<InsidePlace, Place | null>>;

export type InsideOutcome = "ok" | "no-name" | "refused" | "timeout" | "tls-failure" | "broken"; // reset, unreachable, or an answer that is not HTTP

/** One dependency as the container reaches it. */
export interface InsideView {
  readonly host: string;
  readonly port: number;
  readonly outcome: InsideOutcome;
  /** How far it got: "name", "connect", "tls", "answer", "done". */
  readonly phase: string;
  /** What the resolver inside the container gave; empty where the name did not resolve. */
  readonly addresses: readonly string[];
  /** Status of GET / where HTTP was spoken. */
  readonly status: number | null;
  /** One redacted line: the error's name and words; null where there was none. */
  readonly error: string | null;
  readonly tookMs: number;
}

/** A listening socket of the task's network: "any", "loopback", or one address. */
export interface ListeningSocket {
  readonly on: "any" | "loopback" | "address";
  readonly port: number;
}

export interface ContainerView {
  /** Last part of the task's ARN. */
  readonly task: string;
  readonly container: string;
  /** Null: the probe did not get to it, or neither catalogue nor environment names the place. */
  readonly places: Readonly<Record<InsidePlace, InsideView | null>>;
  readonly own: {
    readonly port: number;
    /** Null where the container does not show them. */
    readonly listening: readonly ListeningSocket[] | null;
    /** GET / on 127.0.0.1. */
    readonly answer: Pick<InsideView, "outcome" | "status" | "error" | "tookMs">;
  } | null;
}

export interface ExecPort {
  /**
   * One session in one running task: sees that exec can work there, runs the fixed probes, parses them.
   * Throws FactUnavailable where it is not possible, refused, or not understood.
   */
  look(
    by: {
      readonly service: Service;
      /** ARN of a running task. */
      readonly task: string;
      readonly places: Places;
    },
    signal: AbortSignal,
  ): Promise<ContainerView>;
}
