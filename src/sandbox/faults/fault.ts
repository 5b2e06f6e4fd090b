import type { WorldState } from "../world/state.ts";

/** What somebody says who is hit by it. */
export interface Report {
  symptom: "timeout" | "405" | "401" | "403" | "404" | "429" | "5xx" | "connection" | "other";
  url?: string;
  method?: string;
  /** How their key starts. */
  keyPrefix?: string;
  /** The whole command as they paste it, in place of URL and method. */
  curl?: string;
  minutesAgo?: number;
}

/** An edit of the world's state; everything else follows from the state. */
export interface Fault {
  id: string;
  title: string;
  /** Which system it is in, as the catalogue names it. */
  system: string;
  apply(world: WorldState): void;
  /** Undoes the edit; the runtime brings the rest back. */
  heal(world: WorldState): void;
  report?: Report;
}

export const apiService = "hokusai-api-development";
export const predictUrl = "https://api.hokus.ai/api/v1/models/21/predict";
export const timeoutReport: Report = {
  symptom: "timeout",
  url: predictUrl,
  method: "POST",
  minutesAgo: 20,
};
