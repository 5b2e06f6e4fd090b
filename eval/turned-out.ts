import { labels, type Case } from "./cases.ts";
import type { Recording } from "./recording.ts";

/**
 * The case as its world turned out, by what the world had and its own customers got: nothing that a run said
 * counts. A fault that nobody should feel yet is one where customers felt it; of two faults one is masked where
 * it shows in a process that never began, in a program that nobody runs, or in answers that no customer gets.
 * Null where a fault was gone again before anybody looked.
 */
export function asItTurnedOut(
  given: Case,
  { customers, tasks }: Pick<Recording, "customers" | "tasks">,
): Case | null {
  const stuck = tasks.some((task) => task.stuck && task.status === "RUNNING");
  if (!stuck && given.faults.some((fault) => labels[fault]?.present === "stuck")) return null;
  const felt = given.faults.length === 1 ? labels[given.faults[0] ?? ""]?.felt : undefined;
  if (felt !== undefined && customers.failed > 0)
    return { ...given, stratum: "single", truth: [felt] };
  const hidden = new Set([
    ...(tasks.some(({ current, began }) => current && began) ? [] : ["process"]),
    ...(tasks.some(({ status }) => status === "RUNNING")
      ? []
      : ["program", "answers", "endpoint", "served"]),
    ...(customers.served > 0 ? [] : ["served"]),
  ]);
  const masked = given.faults.filter((fault) => hidden.has(labels[fault]?.shows ?? ""));
  return given.stratum === "double" && masked.length === 1
    ? { ...given, stratum: "masked" }
    : given;
}
