import { randomUUID } from "node:crypto";
import type { StateType } from "./rows.ts";
import type { Store, Writer } from "./store.ts";

/** Who and what is there from the start. */
export interface Seed {
  readonly teamId: string;
  /** The person whose API key the bot uses, and the app that the OAuth token acts as. */
  readonly keyOwnerId: string;
  readonly appId: string;
  /** The person of `asPerson`. */
  readonly personId: string;
}

const workflow: readonly (readonly [name: string, type: StateType, color: string])[] = [
  ["Triage", "triage", "#fc7840"],
  ["Backlog", "backlog", "#bec2c8"],
  ["Todo", "unstarted", "#e2e2e2"],
  ["In Progress", "started", "#f2c94c"],
  ["Done", "completed", "#5e6ad2"],
  ["Canceled", "canceled", "#95a2b3"],
];
const labels: readonly (readonly [name: string, color: string])[] = [
  ["incident", "#eb5757"],
  ["bug", "#f2994a"],
  ["model-21", "#5e6ad2"],
];

export function seed(store: Store, teamKey: string, firstNumber: number): Seed {
  const nobody: Writer = { userId: randomUUID(), byPerson: true };
  const user = (name: string, displayName: string, app = false): string =>
    store.insert("User", { name, displayName, email: `${displayName}@hokus.example`, app }, nobody)
      .id;
  const keyOwnerId = user("Hokusai Service", "hokusai-service");
  const appId = user("Hokusai", "hokusai", true);
  const personId = user("Ola On-call", "ola");
  const { id: teamId } = store.insert(
    "Team",
    { key: teamKey, name: "Hokusai", firstNumber },
    nobody,
  );
  for (const [position, [name, type, color]] of workflow.entries()) {
    store.insert("WorkflowState", { name, type, color, position, teamId }, nobody);
  }
  for (const [name, color] of labels) store.insert("IssueLabel", { name, color, teamId }, nobody);
  return { teamId, keyOwnerId, appId, personId };
}
