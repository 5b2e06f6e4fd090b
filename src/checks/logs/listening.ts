import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import type { Evidence } from "#core/finding.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { startLines, type TaskStart } from "#facts/start-lines.ts";
import { isLoopback, type ListensAt } from "#facts/start-lines/announcement.ts";
import { logsConsole } from "../console.ts";

/** Slow programs and slow log drivers get this long, and longer where the service's own grace is. */
const leastGraceMs = 60_000;

/**
 * Targets that refuse connections look the same from outside whether the program hangs before it listens,
 * listens on another port, or for its own container only. Silence counts only where an earlier task of the
 * service said where it listened, and never for a program that was seen to answer.
 */
export const listening = defineCheck({
  id: "logs/listening",
  question: "Does the program say in its log that it listens, and where?",
  needs: { starts: startLines, service: ecsService },
  outcomes: {
    "as-described": ok(
      "The program says that it listens on the container port of its task definition, and not for its own container only.",
    ),
    "other-port": failing(
      "The program says that it listens on another port than its task definition maps, and nothing else of the task was heard to listen.",
      "Compare the command and the port variable with the port mapping (ecs/container-port, changes/recent); a proxy in the same container may stand before it.",
    ),
    loopback: failing(
      "The program says that it listens on an address that only its own container reaches: the load balancer is refused.",
      "Start the server with --host 0.0.0.0, unless a proxy in the same container stands before it.",
    ),
    "not-yet": failing(
      "The program had the time to start and never said that it listens, although an earlier task of the service did: it hangs, or fails quietly, before it opens its port.",
      "Read the last line of the newest task's stream: what it waits for there comes next (logs/startup, dependencies).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ starts, service }, { target, now }) {
    if (starts.tasks === null) {
      return cannotTell(
        `the log group ${starts.group} does not exist`,
        "name the right log group in hokusai.yaml, or create it",
      );
    }
    if (starts.tasks.length === 0)
      return cannotTell("no task of the last hour started its program", "see ecs/stopped-tasks");
    const asked = service?.taskDefinition.split("/").at(-1);
    const past = (task: TaskStart): boolean =>
      task.stoppedAt !== null && asked !== undefined && task.revision !== asked;
    // What an earlier revision said is no news of the one that does not come up.
    if (starts.tasks.every(past))
      return cannotTell(
        `no task of ${asked ?? "the present revision"} started its program in the last hour`,
        "see ecs/stopped-tasks",
      );
    const port = target.service.ecs.port;
    const wanted = starts.ports.length === 0 || starts.ports.includes(port) ? [port] : starts.ports;
    const graceMs = Math.max(leastGraceMs, (service?.healthCheckGraceSeconds ?? 0) * 1_000);
    const { earlier } = starts;
    const evidence: readonly Evidence[] = [
      ...starts.tasks.map((task) => ({
        label: labelOf(task),
        seen: seenOf(task, now),
        wanted: `0.0.0.0:${wanted.join(" or ")}`,
      })),
      ...(earlier === null || starts.tasks.some(({ id }) => id === earlier.task)
        ? []
        : [{ label: `earlier task ${earlier.task.slice(0, 8)}`, seen: placeOf(earlier.listens) }]),
    ];
    const told = starts.tasks.map((task) => ({
      task,
      outcome:
        heardOf(task, wanted) ?? silentOf(task, earlier !== null && ranMs(task, now) > graceMs),
    }));
    const running = told.filter(({ task }) => task.stoppedAt === null);
    // What runs decides; what was stopped only where nothing that runs says anything.
    const heard = running.some(({ outcome }) => outcome !== null) ? running : told;
    const well = heard.filter(({ outcome }) => outcome === "as-described");
    const says = (task: TaskStart): string => `${labelOf(task)} ${seenOf(task, now)}`;
    for (const { task, outcome } of heard) {
      if (outcome === null || outcome === "as-described") continue;
      const others =
        well.length === 0 ? "" : `; ${well.length} of ${heard.length} tasks as described`;
      const beside =
        outcome === "not-yet"
          ? `; earlier task ${earlier?.task.slice(0, 8) ?? ""} did, on ${placeOf(earlier?.listens ?? null)}`
          : `, not on ${wanted.join(" or ")}${outcome === "loopback" ? " for others" : ""}`;
      return found(outcome, `${says(task)}${beside}${others}`, evidence);
    }
    const [first] = well;
    if (first !== undefined) return found("as-described", says(first.task), evidence);
    return cannotTell(...whyNot(starts.tasks, earlier !== null, graceMs, now));
  },
});

/** Null: it told no port. One place as described is enough: programs open other ports beside it. */
function heardOf(
  { listens }: TaskStart,
  wanted: readonly number[],
): "as-described" | "loopback" | "other-port" | null {
  if (listens.length === 0) return null;
  const open = listens.filter((one) => !isLoopback(one));
  if (open.some((one) => wanted.includes(one.port))) return "as-described";
  return open.length === 0 || listens.some((one) => wanted.includes(one.port))
    ? "loopback"
    : "other-port";
}

/** Its silence says something where it wrote, was read to the end, and neither answered nor said that it is up. */
const silentOf = (task: TaskStart, due: boolean): "not-yet" | null =>
  due &&
  task.complete &&
  !task.socket &&
  task.startedAt === null &&
  task.otherwise !== null &&
  task.otherwise.wrote !== "no-stream" &&
  !task.otherwise.answered
    ? "not-yet"
    : null;

function whyNot(
  tasks: readonly TaskStart[],
  precedent: boolean,
  graceMs: number,
  now: number,
): readonly [detail: string, mend: string] {
  const [task] = tasks;
  const silent = "the program does not say where it listens";
  const inside = "look from inside the container (container/listening)";
  if (task === undefined) return [silent, inside];
  if (task.socket)
    return [`${labelOf(task)} listens on a unix socket: something else has the port`, inside];
  if (!task.complete)
    return [
      `the log of ${labelOf(task)} is too busy to read in full`,
      "read it with Logs Insights",
    ];
  if (task.otherwise?.answered === true || task.startedAt !== null) return [silent, inside];
  if (task.otherwise?.wrote === "no-stream")
    return [`${labelOf(task)} has no log stream`, "see logs/stream"];
  if (!precedent) return [`${silent}, and no earlier task was found to have said it`, inside];
  const ran = Math.round(ranMs(task, now) / 1_000);
  return [
    `${labelOf(task)} ran for ${ran} s, which is not longer than the ${graceMs / 1_000} s that a start may take`,
    task.stoppedAt === null ? "check again in a minute" : "see ecs/stopped-tasks and logs/startup",
  ];
}

const ranMs = (task: TaskStart, now: number): number =>
  (task.stoppedAt === null ? now : Date.parse(task.stoppedAt)) - Date.parse(task.since);

const labelOf = (task: TaskStart): string => `task ${task.id.slice(0, 8)} (${task.revision})`;

const placeOf = (at: ListensAt | null): string =>
  at === null
    ? "a unix socket"
    : `${at.address ?? "port"}${at.address === null ? " " : ":"}${at.port}`;

function seenOf(task: TaskStart, now: number): string {
  const last = task.listens.at(-1);
  if (last !== undefined) {
    const places = task.listens.map((one) => placeOf(one)).join(", ");
    return `listens on ${places} since ${utcTime(Date.parse(last.at), now)}`;
  }
  if (task.socket) return "listens on a unix socket";
  const ran = `${task.stoppedAt === null ? "runs" : "ran"} ${lasted(ranMs(task, now))}, since ${utcTime(Date.parse(task.since), now)}`;
  const wrote = { lines: "wrote lines", nothing: "wrote nothing", "no-stream": "has no stream" };
  const what = wrote[task.otherwise?.wrote ?? "nothing"];
  const ended = task.startedAt === null ? "" : ", said that its start ended";
  return `${what}${ended}, never said that it listens (${ran})`;
}

const lasted = (ms: number): string =>
  ms < 120_000 ? `${Math.max(0, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`;
