import { describe, expect, it } from "vitest";
import { listening } from "#checks/logs/listening.ts";
import type { TaskStart } from "#facts/start-lines.ts";
import { ago, judged, service, summaryOf } from "../samples.ts";

const start = (change: Partial<TaskStart> = {}): TaskStart => ({
  id: "aaaa00001111",
  revision: "api:43",
  since: ago(20),
  stoppedAt: null,
  listens: [],
  socket: false,
  startedAt: null,
  complete: true,
  otherwise: { wrote: "lines", answered: false },
  ...change,
});
const on = (...places: readonly (string | number)[]): Partial<TaskStart> => ({
  listens: places.map((place) => {
    const [, address = null, port] = /^(?:(.+):)?(\d+)$/u.exec(`${place}`) ?? [];
    return { address, port: Number(port), at: ago(19) };
  }),
  otherwise: null,
});
const earlier = { task: "bbbb00002222", listens: { address: "0.0.0.0", port: 8001 } };
const facts = (
  tasks: readonly TaskStart[] | null,
  change: { readonly ports?: readonly number[]; readonly earlier?: typeof earlier | null } = {},
  graceSeconds: number | null = 60,
) => ({
  starts: { group: "/ecs/api", ports: [8001], tasks, earlier, ...change },
  service: service({
    healthCheckGraceSeconds: graceSeconds,
    taskDefinition: "task-definition/api:43",
  }),
});

describe("logs/listening", () => {
  it.each([
    ["as-described", [on("0.0.0.0:8001")]],
    ["as-described", [on("[::]:8001")]],
    ["as-described", [on("10.0.4.31:8001")]],
    ["as-described", [on(8001)]],
    // werkzeug names every interface that it bound, and a program may have other doors.
    ["as-described", [on("127.0.0.1:8001", "10.0.4.31:8001")]],
    ["as-described", [on("0.0.0.0:9090", "0.0.0.0:8001", "0.0.0.0:9091")]],
    ["other-port", [on("0.0.0.0:8000")]],
    ["other-port", [on(3000)]],
    ["loopback", [on("127.0.0.1:8001")]],
    ["loopback", [on("localhost:8001")]],
    ["loopback", [on("[::1]:8001")]],
    ["loopback", [on("127.0.0.1:5000")]],
    ["loopback", [on("0.0.0.0:9090", "127.0.0.1:8001")]],
    ["not-yet", [{}]],
    ["not-yet", [{ otherwise: { wrote: "nothing", answered: false } }]],
    ["not-yet", [{ since: ago(5), stoppedAt: ago(3) }]],
    // Of what runs, one that hangs is enough; what was stopped counts only where nothing that runs tells.
    ["not-yet", [on("0.0.0.0:8001"), {}]],
    ["other-port", [on("0.0.0.0:8001"), on("0.0.0.0:8000")]],
    ["as-described", [on("0.0.0.0:8001"), { stoppedAt: ago(3) }]],
    ["as-described", [on("0.0.0.0:8001"), { since: ago(0.5) }]],
    ["not-yet", [{ since: ago(0.5) }, { since: ago(9), stoppedAt: ago(3) }]],
    ["not run", [{ since: ago(0.5) }]],
    ["not run", [{ since: ago(5), stoppedAt: ago(4.9) }]],
    ["not run", [{ complete: false }]],
    ["not run", [{ socket: true }]],
    ["not run", [{ startedAt: ago(19) }]],
    ["not run", [{ otherwise: { wrote: "lines", answered: true } }]],
    ["not run", [{ otherwise: { wrote: "no-stream", answered: false } }]],
    ["not run", []],
  ] as const)("%s: %j", (outcome, tasks) => {
    expect(judged(listening, facts(tasks.map(start)))).toBe(outcome);
  });

  it("takes silence for nothing where no earlier task was heard, and without a log group", () => {
    expect(judged(listening, facts([start()], { earlier: null }))).toBe("not run");
    expect(judged(listening, facts(null))).toBe("not run");
  });

  it.each([
    ["not run", "api:44", { stoppedAt: ago(3), ...on("0.0.0.0:8001") }],
    ["not run", "api:44", { stoppedAt: ago(3) }],
    // It runs, whatever the service is asked to run by now.
    ["as-described", "api:44", on("0.0.0.0:8001")],
    ["as-described", "api:43", { stoppedAt: ago(3), ...on("0.0.0.0:8001") }],
  ] as const)("%s of a task of api:43 where %s is asked for: %j", (outcome, revision, task) => {
    const asked = service({
      taskDefinition: `arn:aws:ecs:us-east-1:1:task-definition/${revision}`,
    });
    expect(judged(listening, { ...facts([start(task)]), service: asked })).toBe(outcome);
  });

  it.each([
    ["not-yet", null],
    ["not-yet", 0],
    ["not run", 25 * 60],
  ])("%s with a grace of %s seconds", (outcome, grace) => {
    expect(judged(listening, facts([start()], {}, grace))).toBe(outcome);
  });

  it.each([
    ["as-described", [8000]],
    ["as-described", [8000, 8080]],
    ["other-port", [8000, 8001]],
    ["other-port", []],
  ])("%s where 8000 is told and the revision maps %j", (outcome, ports) => {
    expect(judged(listening, facts([start(on("0.0.0.0:8000"))], { ports }))).toBe(outcome);
  });

  it("says which task, where, and what was wanted", () => {
    const of = (...tasks: readonly Partial<TaskStart>[]) =>
      summaryOf(listening, facts(tasks.map(start)));
    expect(of(on("0.0.0.0:8000"))).toBe(
      "task aaaa0000 (api:43) listens on 0.0.0.0:8000 since 02:41 UTC, not on 8001",
    );
    expect(of(on("127.0.0.1:8001"))).toBe(
      "task aaaa0000 (api:43) listens on 127.0.0.1:8001 since 02:41 UTC, not on 8001 for others",
    );
    expect(of({}, on("0.0.0.0:8001"))).toBe(
      "task aaaa0000 (api:43) wrote lines, never said that it listens (runs 20 min, since 02:40 UTC); earlier task bbbb0000 did, on 0.0.0.0:8001; 1 of 2 tasks as described",
    );
  });
});
