import type { AwsPorts } from "./ports/aws.ts";
import type { DependencyPorts } from "./ports/dependencies.ts";
import type { EarlierPort } from "./ports/earlier.ts";
import type { ExecPort } from "./ports/exec.ts";
import type { ProbePort } from "./ports/probe.ts";

/** The outside world, as facts may ask it. Every method takes an AbortSignal last and may throw FactUnavailable. */
export interface Ports extends AwsPorts, DependencyPorts {
  readonly probe: ProbePort;
  readonly earlier: EarlierPort;
  readonly exec: ExecPort;
}
