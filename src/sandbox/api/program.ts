/** What every container gets when it starts, and what the runtime holds of it while it runs. */
import type { Listener, Wires } from "../net/wires.ts";
import type { WorldState } from "../world/state.ts";

export interface Surroundings {
  state: WorldState;
  wires: Wires;
  /** PEM of the authority to trust for https. */
  ca: string;
  /** The task's private address. */
  address: string;
  environment: ReadonlyMap<string, string>;
  /** Writes one line to standard output, which the log driver takes. */
  print: (line: string) => void;
}

export interface Running {
  /** Resolves with the exit code when the process ends by itself. */
  exited: Promise<number>;
  /** What listens, by port; only what binds to every interface can be reached from outside the task. */
  ports: { port: number; listener: Listener }[];
  /** What listens on 127.0.0.1 only, reached from inside the task. */
  loopback?: { port: number; listener: Listener }[];
  /** SIGTERM: prints what the process prints when it is asked to go. */
  stop: () => Promise<void>;
}

export type Level = "INFO" | "WARNING" | "ERROR";
export const printAs = (
  print: (line: string) => void,
  level: Level,
  logger: string,
  text: string,
): void => print(`${level} [${logger}] ${text}`);
