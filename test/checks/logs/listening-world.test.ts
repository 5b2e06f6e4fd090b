/** Where programs say that they listen, through the real SDK: running worlds first, then lines laid down by hand. */
import { describe, expect, it } from "vitest";
import { listening } from "#checks/logs/listening.ts";
import type { Check } from "#core/check.ts";
import { startLines } from "#facts/start-lines.ts";
import type { AwsServerOptions } from "../../../src/sandbox/aws/server.ts";
import { faultNamed } from "../../../src/sandbox/faults/index.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import { startLivingWorld } from "../../../src/sandbox/world/living.ts";
import {
  appendLog,
  serviceNamed,
  taskDefinitionOf,
  type Task,
  type WorldState,
} from "../../../src/sandbox/world/state.ts";
import { openAwsBench } from "../aws-bench.ts";

const api = "hokusai-api-development";
const group = `/ecs/${api}`;
const minute = 60_000;
const check = listening as unknown as Check;

const tasksOf = (state: WorldState): readonly Task[] =>
  state.ecs.tasks.filter((task) => task.group === `service:${api}`);
const containerOf = (state: WorldState) => {
  const [container] =
    taskDefinitionOf(state, serviceNamed(state, api).taskDefinition)?.containerDefinitions ?? [];
  if (container === undefined) throw new Error("the API has no container");
  return container;
};
const streamOf = (state: WorldState, id: string): string => {
  const { name, logConfiguration } = containerOf(state);
  return `${logConfiguration?.options["awslogs-stream-prefix"]}/${name}/${id}`;
};

describe.concurrent("a running world", () => {
  it.each([
    ["healthy", "as-described", "listens on 0.0.0.0:8001 since"],
    ["port-mismatch", "other-port", "listens on 0.0.0.0:8000 since"],
    ["loopback-only", "loopback", "listens on 127.0.0.1:8001 since"],
    ["start-hangs", "not-yet", "did, on 0.0.0.0:8001"],
    ["startup-failure", "not run", "not longer than the 60 s that a start may take"],
    ["release-rolled-back", "as-described", "(hokusai-api-development:42) listens on 0.0.0.0:8001"],
  ])("%s: %s", { timeout: 30_000 }, async (fault, outcome, words) => {
    const world = await startLivingWorld([faultNamed(fault)]);
    try {
      await world.settled();
      await using bench = await openAwsBench(world.state);
      expect((await bench.outcome(check)).split(":")[0]).toBe(outcome);
      expect(await bench.summary(check)).toContain(words);
    } finally {
      await world.stop();
    }
  });

  it("of three tasks that began days ago", { timeout: 30_000 }, async () => {
    const world = await startLivingWorld([faultNamed("healthy")], {
      shape: (state) => void (serviceNamed(state, api).desiredCount = 3),
    });
    try {
      await world.settled();
      expect(tasksOf(world.state)).toHaveLength(3);
      await using bench = await openAwsBench(world.state);
      expect(await bench.outcome(check)).toBe("as-described");
      const told = await bench.gather(startLines);
      const ages = (told.state === "known" ? (told.value as StartsValue).tasks : []).flatMap(
        ({ listens }) => listens.map(({ at }) => world.state.now() - Date.parse(at)),
      );
      expect(Math.min(...ages)).toBeGreaterThan(24 * 60 * minute);
    } finally {
      await world.stop();
    }
  });
});

interface StartsValue {
  readonly tasks: readonly { readonly listens: readonly { readonly at: string }[] }[];
}

const begun = "INFO:     Started server process [1]";
const up = "INFO:     Uvicorn running on http://0.0.0.0:8001 (Press CTRL+C to quit)";

/** Lines of the two running tasks, as minutes before now and text, both started so many minutes ago. */
interface Setting {
  readonly startedAgo?: number;
  readonly first?: readonly (readonly [minutesAgo: number, text: string])[];
  readonly second?: readonly (readonly [minutesAgo: number, text: string])[];
  readonly change?: (state: WorldState, tasks: readonly Task[]) => void;
  readonly options?: AwsServerOptions;
}

/** A stream of a task that ECS has forgotten, from when the revision was rolled out. */
const heardBefore = (state: WorldState): void => {
  const definition = taskDefinitionOf(state, serviceNamed(state, api).taskDefinition);
  appendLog(
    state,
    group,
    streamOf(state, "0123456789abcdef0123456789abcdef"),
    up,
    (definition?.registeredAt ?? 0) + 5 * minute,
  );
};

async function outcome(setting: Setting): Promise<{ outcome: string; stored: string }> {
  const state = createWorldState();
  const now = state.now();
  const tasks = tasksOf(state);
  for (const task of tasks) task.startedAt = now - (setting.startedAgo ?? 20) * minute;
  for (const [i, lines] of [setting.first ?? [], setting.second ?? []].entries())
    for (const [ago, text] of lines)
      appendLog(state, group, streamOf(state, tasks[i]?.id ?? ""), text, now - ago * minute);
  setting.change?.(state, tasks);
  await using bench = await openAwsBench(state, setting.options);
  return {
    outcome: await bench.outcome(check),
    stored: JSON.stringify(await bench.gather(startLines)),
  };
}

describe("lines laid down by hand", () => {
  const hung = [[20, begun]] as const;
  it.each<readonly [string, string, Setting]>([
    ["both told", "as-described", { first: [[20, up]], second: [[20, up]] }],
    ["one of two hangs", "not-yet", { first: [[20, up]], second: hung }],
    [
      "both hang, and the revision's first task did not",
      "not-yet",
      { first: hung, second: hung, change: heardBefore },
    ],
    [
      "both hang, and nobody ever told",
      "no earlier task was found to have said it",
      { first: hung, second: hung },
    ],
    ["no line, but the streams exist", "not-yet", { change: emptyStreams }],
    ["no line and no stream", "has no log stream", { change: heardBefore }],
    [
      "both answer customers",
      "not run: not-applicable: the program does not say where it listens;",
      { first: answering("10.0.1.9"), second: answering("10.0.1.9"), change: heardBefore },
    ],
    [
      "both answer their own container only",
      "not-yet",
      { first: answering("127.0.0.1"), second: answering("127.0.0.1"), change: heardBefore },
    ],
    [
      "just begun",
      "ran for 30 s, which is not longer than the 60 s",
      { startedAgo: 0.5, first: [[0.4, begun]], second: [[0.4, begun]], change: heardBefore },
    ],
    ["told late", "as-described", { startedAgo: 90, first: [[20, up]], second: [[10, up]] }],
    [
      "a sidecar's own port",
      "no earlier task was found to have said it",
      {
        first: hung,
        second: hung,
        change: (state, tasks) => {
          for (const { id } of tasks)
            appendLog(state, group, streamOf(state, id).replace("hokusai-api/", "proxy/"), up);
        },
      },
    ],
    [
      "stopped by the health check",
      "not-yet",
      {
        first: hung,
        change: (state, tasks) => {
          heardBefore(state);
          for (const task of tasks) {
            task.lastStatus = task.desiredStatus = "STOPPED";
            task.stoppedAt = state.now() - 17 * minute;
          }
        },
      },
    ],
    [
      "a busy stream that is not read to its end",
      "too busy to read in full",
      {
        first: Array.from({ length: 30 }, (_, i) => [19 - i / 60, "INFO step"] as const),
        change: (state, tasks) => {
          heardBefore(state);
          state.ecs.tasks = state.ecs.tasks.filter((task) => task.id !== tasks[1]?.id);
        },
        options: { scanLimit: 5 },
      },
    ],
    ["no log group", "does not exist", { change: (state) => void (state.logs.groups = []) }],
  ])("%s: %s", async (_name, expected, setting) => {
    expect((await outcome(setting)).outcome).toContain(expected);
  });

  it("keeps address and port of a line, and nothing else", async () => {
    const line = `${up} for jane at 203.0.113.9`;
    const { stored } = await outcome({ first: [[20, line]], second: [[20, "INFO jane came"]] });
    expect(stored).toContain('"address":"0.0.0.0","port":8001');
    expect(stored).not.toMatch(/jane|203\.0\.113/u);
  });

  it.each([
    ["logs:FilterLogEvents", { first: [[20, up]] }],
    ["logs:DescribeLogStreams", {}],
    ["ecs:DescribeTasks", { first: [[20, up]] }],
  ] as const)("names %s where it is denied", async (action, lines) => {
    const said = await outcome({
      ...lines,
      change: (state) => void (state.controlPlane.deniedActions = new Set([action])),
    });
    expect(said.outcome).toMatch(new RegExp(`^not run: denied: .*; grant ${action}$`, "u"));
  });
});

function emptyStreams(state: WorldState, tasks: readonly Task[]): void {
  heardBefore(state);
  const found = state.logs.groups.find((one) => one.name === group);
  for (const { id } of tasks)
    found?.streams.push({ name: streamOf(state, id), creationTime: state.now(), events: [] });
}

function answering(from: string): readonly (readonly [number, string])[] {
  return [
    [20, begun],
    [10, `INFO:     ${from}:51234 - "GET /health HTTP/1.1" 200 OK`],
  ];
}
