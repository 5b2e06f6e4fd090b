/** What the AWS facts ask for, where that is more than one call. */
import { describe, expect, it } from "vitest";
import type { Fact, GatherContext } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { LogPage, LogQuery } from "#core/ports/aws.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { logHistory } from "#facts/log-history.ts";
import { logLines } from "#facts/log-lines.ts";
import { deployment, now, revisionArn, service, target } from "../checks/samples.ts";

const gather = async <Value>(
  fact: Fact<Value>,
  ports: object,
  facts: object = {},
): Promise<Value> =>
  fact.gather({
    ports,
    target,
    reported: null,
    facts,
    signal: AbortSignal.timeout(1_000),
    now,
    runId: "0",
  } as unknown as GatherContext<Fact["needs"]>);

const line = (minutesAgo: number, text: string) => ({
  at: now - minutesAgo * 60_000,
  stream: "ecs/api/a",
  text,
});
const failing = line(5, "ERROR auth service timeout after 10.0s");

/** Pages in order, whatever is asked; what was asked is kept. */
const paged = (pages: readonly (LogPage | null)[]) => {
  const asked: LogQuery[] = [];
  const page = async (query: LogQuery): Promise<LogPage | null> => {
    asked.push(query);
    const page = pages[asked.length - 1];
    return page === undefined ? { lines: [], token: null } : page;
  };
  return { asked, page };
};

describe("log-lines", () => {
  it("follows an empty page that has a token", async () => {
    const { asked, page } = paged([
      { lines: [], token: "1" },
      { lines: [failing], token: null },
    ]);
    const lines = (await gather(logLines as Fact, { logs: { page } })) as {
      complete: boolean;
      groups: { kinds: Record<string, { count: number }> };
    };
    expect([
      asked.map((query) => query.token),
      lines.complete,
      lines.groups.kinds["auth-timeout"]?.count,
    ]).toEqual([[null, "1"], true, 1]);
  });

  it("makes three calls at most, the last for the newest lines, and says that it is not complete", async () => {
    const { asked, page } = paged([
      { lines: [], token: "1" },
      { lines: [line(14, "ERROR x")], token: "2" },
      { lines: [line(1, "ERROR auth service timeout")], token: "3" },
    ]);
    const lines = (await gather(logLines as Fact, { logs: { page } })) as {
      complete: boolean;
      groups: { kinds: Record<string, { count: number }> };
    };
    expect(asked).toHaveLength(3);
    expect([asked[2]?.token, asked[2]?.from]).toEqual([null, now - 120_000]);
    expect([lines.complete, lines.groups.kinds["auth-timeout"]?.count]).toEqual([false, 1]);
  });

  it("tells a log group that does not exist from an empty one", async () => {
    expect(await gather(logLines as Fact, { logs: paged([null]) })).toMatchObject({ groups: null });
  });
});

const broken = (): never => {
  throw new FactUnavailable({ reason: "broken", detail: "no such call", mend: "" });
};
const counts = async (logs: object): Promise<{ complete: boolean; counts: readonly number[] }> =>
  (await gather(logHistory as Fact, { logs })) as { complete: boolean; counts: readonly number[] };

describe("log-history", () => {
  it("reads the minutes of Logs Insights, which leaves quiet ones out", async () => {
    const insights = async () => [
      { minute: "2026-11-21 02:58:00.000", errors: "7" },
      { minute: "2026-11-21 02:59:00.000", errors: "9" },
    ];
    const history = await counts({ insights });
    expect(history.counts).toHaveLength(360);
    expect(history.counts.slice(-4)).toEqual([0, 0, 7, 9]);
  });

  it("counts pages where Insights is not there, without our own requests", async () => {
    const own = line(
      2,
      "ERROR redis refused request_id=hokusai-00000000-0000-4000-8000-000000000000-1",
    );
    const history = await counts({
      insights: broken,
      ...paged([{ lines: [failing, own, line(2, "INFO fine")], token: null }]),
    });
    expect([history.complete, history.counts.slice(-6)]).toEqual([true, [0, 1, 0, 0, 0, 0]]);
  });

  it("ends the counts where the pages end", async () => {
    const pages = Array.from({ length: 9 }, (_, i) => ({
      lines: [line(350 - i, "ERROR x")],
      token: `${i}`,
    }));
    const history = await counts({ insights: broken, ...paged(pages) });
    expect([history.complete, history.counts.length]).toEqual([false, 17]);
  });

  it("has nothing to count where there is no log group", async () => {
    await expect(counts({ insights: broken, ...paged([null]) })).rejects.toThrow(
      "the log group does not exist",
    );
  });

  it("does not go round a refusal", async () => {
    const refused = async (): Promise<never> => {
      throw new FactUnavailable({ reason: "denied", detail: "no", mend: "grant logs:StartQuery" });
    };
    const { asked, page } = paged([]);
    await expect(counts({ insights: refused, page })).rejects.toThrow("no");
    expect(asked).toEqual([]);
  });
});

describe("ecs-task-definition", () => {
  const asked = async (value: ReturnType<typeof service> | null): Promise<readonly string[]> => {
    const names: string[] = [];
    const taskDefinition = async (arn: string): Promise<null> => {
      names.push(arn);
      return null;
    };
    await gather(
      ecsTaskDefinition as unknown as Fact,
      { ecs: { taskDefinition } },
      { service: value },
    );
    return names;
  };
  it.each([
    ["the revision below", service(), [42, 41]],
    [
      "what still runs beside a rollout",
      service({
        deployments: [
          deployment(),
          deployment({ status: "ACTIVE", taskDefinition: revisionArn(39) }),
        ],
      }),
      [42, 39],
    ],
    [
      "the primary's, where a rollback went back",
      service({ deployments: [deployment({ taskDefinition: revisionArn(41) })] }),
      [41, 40],
    ],
    [
      "none below the first",
      service({ deployments: [deployment({ taskDefinition: revisionArn(1) })] }),
      [1],
    ],
  ])("compares with %s", async (_name, value, revisions) => {
    expect(await asked(value)).toEqual(revisions.map(revisionArn));
  });

  it("asks for nothing without a service", async () => {
    expect(await asked(null)).toEqual([]);
  });
});
