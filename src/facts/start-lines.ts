import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import type { EcsTask, LogsPort, TaskDefinition } from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";
import { ecsStoppedTasks } from "./ecs-stopped-tasks.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";
import { ecsTasks } from "./ecs-tasks.ts";
import type { ListensAt } from "./start-lines/announcement.ts";
import { logPlaceOf, type LogPlace } from "./start-lines/log-place.ts";
import {
  isSilent,
  readOtherwise,
  readSpan,
  readTold,
  type Life,
  type Otherwise,
} from "./start-lines/read-told.ts";
import { toldBy, type Told } from "./start-lines/told.ts";
import { mainContainer } from "./task-definition/main-container.ts";

const minuteMs = 60_000;
/** How long after a revision was registered its first tasks are looked for. */
const rolloutMs = 30 * minuteMs;
const mostRunning = 2;

/** A task that started its program, and what the program told of it. Times are ISO 8601. */
export interface TaskStart extends Told {
  readonly id: string;
  /** "api:42". */
  readonly revision: string;
  readonly since: string;
  /** Null: it runs. */
  readonly stoppedAt: string | null;
  readonly complete: boolean;
  /** Asked only where it did not tell where it listens. */
  readonly otherwise: Otherwise | null;
}

/** Where an earlier task of the service told that it listened; without one, silence means nothing. */
export interface EarlierStart {
  readonly task: string;
  /** Null for a unix socket. */
  readonly listens: ListensAt | null;
}

/**
 * What the newest tasks of the service told of their start: where they listen, as address and port, and nothing
 * else of their lines. `tasks` are of the newest revision that started, the running ones first; null where the
 * log group does not exist. `ports` is what that revision maps for the program's container. `earlier` is looked
 * for only where a task told nothing.
 */
export const startLines = defineFact({
  id: "start-lines",
  needs: { tasks: ecsTasks, stopped: ecsStoppedTasks, definition: ecsTaskDefinition },
  permissions: ["logs:FilterLogEvents", "logs:DescribeLogStreams"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 12_000,
  rereadable: true,
  gather: async ({ ports: { logs }, target, facts, now, signal }) => {
    const { current, previous } = facts.definition;
    const all = [...facts.tasks, ...facts.stopped]
      .flatMap((task) => toStarted(task, now))
      .toSorted((a, b) => b.life.from - a.life.from);
    const wanted = all[0]?.task.taskDefinition ?? current?.arn;
    const definition = [current, previous].find((one) => one?.arn === wanted) ?? null;
    const place = logPlaceOf(definition ?? current, target);
    const container = mainContainer(definition, target);
    const seen = {
      group: place.group,
      ports: container?.ports.map((port) => port.container) ?? [],
    };

    const newest = all.filter(({ task }) => task.taskDefinition === wanted);
    const read = async ({ task, life }: Started): Promise<TaskStart | null> => {
      const one = await readTold(logs, place, life, signal);
      if (one === null) return null;
      const silent = isSilent(one.told);
      return {
        id: task.id,
        revision: task.taskDefinition.split("/").at(-1) ?? "",
        since: isoTime(life.from),
        stoppedAt: task.stoppedAt,
        ...one.told,
        complete: one.complete,
        otherwise: silent ? await readOtherwise(logs, place, life, signal) : null,
      };
    };
    const running = newest.filter(({ task }) => task.stoppedAt === null).slice(0, mostRunning);
    const starts = await Promise.all(running.map(read));
    // Who has only begun has told nothing yet: the one before may have, or was given the time to.
    if (starts.every((one) => one !== null && isSilent(one))) {
      const stopped = newest.filter(({ task }) => task.stoppedAt !== null);
      const patient = stopped.find(({ life }) => life.to - life.from >= minuteMs) ?? stopped[0];
      if (patient !== undefined) starts.push(await read(patient));
    }
    const tasks = starts.filter((one) => one !== null);
    if (tasks.length < starts.length) return { ...seen, tasks: null, earlier: null };
    const silent = tasks.filter(isSilent);
    if (silent.length === 0) return { ...seen, tasks, earlier: null };
    const told = tasks.find((one) => !isSilent(one));
    if (told !== undefined)
      return { ...seen, tasks, earlier: { task: told.id, listens: placeOf(told) } };
    const before = Math.min(...silent.map((one) => Date.parse(one.since)));
    const spans = earlierSpans(all, tasks, [previous, current], target, before);
    return { ...seen, tasks, earlier: await firstTold(logs, spans, signal) };
  },
});

interface Started {
  readonly task: EcsTask;
  readonly life: Life;
}

function toStarted(task: EcsTask, now: number): readonly Started[] {
  if (task.startedAt === null) return [];
  const to = task.stoppedAt === null ? now : Date.parse(task.stoppedAt);
  return [{ task, life: { id: task.id, from: Date.parse(task.startedAt), to } }];
}

interface Span {
  readonly place: LogPlace;
  /** One task; empty for all of the container's. */
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Where an earlier start may be found: with the task that ran longest of those that ECS still knows, since it
 * most likely started well, and in the half hour after each revision was registered, when its first tasks began.
 */
function earlierSpans(
  all: readonly Started[],
  read: readonly TaskStart[],
  definitions: readonly (TaskDefinition | null)[],
  target: Target,
  before: number,
): readonly Span[] {
  const [longest] = all
    .filter(({ task, life }) => life.from < before && !read.some(({ id }) => id === task.id))
    .toSorted((a, b) => b.life.to - b.life.from - (a.life.to - a.life.from));
  const logPlace = (arn: string): LogPlace =>
    logPlaceOf(definitions.find((one) => one?.arn === arn) ?? definitions[1] ?? null, target);
  const known =
    longest === undefined
      ? []
      : [
          {
            place: logPlace(longest.task.taskDefinition),
            id: longest.life.id,
            from: longest.life.from,
          },
        ];
  const registered = definitions.flatMap((one) => {
    const place = logPlaceOf(one, target);
    return one?.registeredAt == null || place.prefix === null
      ? []
      : [{ place, id: "", from: Date.parse(one.registeredAt) }];
  });
  return [...known, ...registered]
    .map((span) => ({ ...span, to: Math.min(span.from + rolloutMs, before) }))
    .filter((span) => span.from < span.to);
}

function placeOf({ listens }: Told): ListensAt | null {
  const last = listens.at(-1);
  return last === undefined ? null : { address: last.address, port: last.port };
}

async function firstTold(
  logs: LogsPort,
  spans: readonly Span[],
  signal: AbortSignal,
): Promise<EarlierStart | null> {
  for (const { place, id, from, to } of spans) {
    // oxlint-disable-next-line no-await-in-loop -- the next span is read only where this one told nothing
    const read = await readSpan(logs, place, id, from, to, signal);
    const line = read?.lines.findLast((one) => !isSilent(toldBy([one])));
    if (line === undefined) continue;
    return { task: line.stream.split("/").at(-1) ?? "", listens: placeOf(toldBy([line])) };
  }
  return null;
}
