import type { Wires } from "../net/wires.ts";
import type { WorldState } from "../world/state.ts";

/** What whoever is let into a running container finds there. */
export interface Inside {
  state: WorldState;
  /** The task's private address. */
  address: string;
  environment: ReadonlyMap<string, string>;
  /** Its listening sockets; `listener` is where they really are on this machine. */
  listening: { bind: "any" | "loopback"; port: number; listener: { port: number } }[];
  wires: Wires;
  /** PEM of the authority that the image trusts. */
  ca: string;
}
