/** The access log through the real SDK: what is read, what cannot be had, and what is never kept. */
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { createAwsPorts } from "#clients/aws/aws-ports.ts";
import type { Gathered } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import { createRedactor } from "#core/redact.ts";
import { accessLog, type AccessLog } from "#facts/access-log.ts";
import { startAwsServer } from "../../../src/sandbox/aws/server.ts";
import { accessLogBucketName } from "../../../src/sandbox/world/initial/balancers.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { Bucket } from "../../../src/sandbox/world/s3.ts";
import type { WorldState } from "../../../src/sandbox/world/state.ts";
import { startAwsBench } from "../../checks/aws-bench.ts";
import { line, type Change } from "./lines.ts";

const minute = 60_000;
const bucketIn = (state: WorldState): Bucket => {
  const bucket = state.s3.buckets.find((one) => one.name === accessLogBucketName);
  if (bucket === undefined) throw new Error("the world has no such bucket");
  return bucket;
};
const mainIn = (state: WorldState) => {
  const main = state.elb.loadBalancers.find((one) => one.name === "hokusai-main-development");
  if (main === undefined) throw new Error("the world has no such load balancer");
  return main;
};
const iso = (ms: number): string => new Date(ms).toISOString();

/** Goes to a time of the day, so that a file of five minutes ends when a row says. */
const goTo = (state: WorldState, time: string): void => {
  state.clockShift = Date.parse(`2026-11-21T${time}Z`) - Date.now();
};

interface File {
  readonly end: string;
  readonly node?: number;
  /** Day of its folder, where that is not the day of its end. */
  readonly delivered?: string;
  readonly lines: readonly (Change | string)[];
  /** How long before its end each line was written. */
  readonly minutesBefore?: number;
}

/** Under the key that the vendor's guide describes. */
const put = (state: WorldState, { end, node = 1, delivered, lines, minutesBefore = 2 }: File) => {
  const id = mainIn(state).arn.split(":loadbalancer/")[1]?.replaceAll("/", ".") ?? "";
  const day = (delivered ?? end.slice(0, 10)).replaceAll("-", "/");
  const stamp = end.slice(0, 16).replaceAll(/[-:]/gu, "");
  const time = iso(Date.parse(end) - minutesBefore * minute);
  bucketIn(state).objects.push({
    key: `alb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/${day}/123456789012_elasticloadbalancing_us-east-1_${id}_${stamp}Z_30.195.12.${node}_20sg8hgm.log.gz`,
    availableAt: Date.parse(end),
    lines: lines.map((one) => (typeof one === "string" ? one : line({ time, ...one }))),
  });
};

async function gatherIn(prepare: (state: WorldState) => void): Promise<Gathered> {
  await using bench = await startAwsBench(prepare);
  return await bench.gather(accessLog);
}
const known = (gathered: Gathered): AccessLog => {
  if (gathered.state === "known") return gathered.value as AccessLog;
  throw new Error(gathered.missing.detail);
};
const missing = (gathered: Gathered) => {
  if (gathered.state === "missing") return gathered.missing;
  throw new Error("it was had");
};
const counts = (log: AccessLog): number => log.rows.reduce((sum, { count }) => sum + count, 0);

describe("the files of the last 15 minutes", () => {
  it("are read, older ones are not, and entries before the window are left out", async () => {
    const log = known(
      await gatherIn((state) => {
        goTo(state, "03:01:30");
        put(state, { end: "2026-11-21T02:45:00Z", lines: [{}] });
        put(state, { end: "2026-11-21T02:50:00Z", lines: [{}], minutesBefore: 4 });
        put(state, { end: "2026-11-21T02:55:00Z", lines: [{}, {}] });
        put(state, { end: "2026-11-21T03:00:00Z", node: 2, lines: [{ status: 404 }] });
        put(state, { end: "2026-11-21T03:05:00Z", lines: [{ status: 500 }] });
      }),
    );
    expect(log.rows.map(({ status, count }) => [status, count])).toEqual([
      [200, 2],
      [404, 1],
    ]);
    expect([log.from.slice(0, 16), log.to, log.files, log.complete]).toEqual([
      "2026-11-21T02:46",
      "2026-11-21T03:00:00.000Z",
      3,
      true,
    ]);
    expect(log.off).toEqual(["hokusai-dp-development"]);
  });

  it("are found on both sides of midnight, and where one was delivered the day after", async () => {
    const log = known(
      await gatherIn((state) => {
        goTo(state, "00:07:00");
        put(state, { end: "2026-11-20T23:55:00Z", lines: [{}], minutesBefore: 1 });
        put(state, {
          end: "2026-11-20T23:55:00Z",
          node: 2,
          delivered: "2026-11-21",
          lines: [{}],
          minutesBefore: 1,
        });
        put(state, { end: "2026-11-21T00:00:00Z", lines: [{}] });
        put(state, { end: "2026-11-21T00:05:00Z", lines: [{}] });
      }),
    );
    expect([counts(log), log.files]).toEqual([4, 4]);
  });

  it("are eight at most, the newest; more is said", async () => {
    const log = known(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        for (let node = 1; node <= 6; node += 1) {
          put(state, { end: "2026-11-21T02:55:00Z", node, lines: [{ status: 500 }] });
          put(state, { end: "2026-11-21T03:00:00Z", node, lines: [{}] });
        }
      }),
    );
    expect(log.rows.map(({ status, count }) => [status, count])).toEqual([
      [200, 6],
      [500, 2],
    ]);
    expect([log.files, log.complete, log.from]).toEqual([8, false, "2026-11-21T02:50:00.000Z"]);
  });

  it("are eight megabytes at most, in whole lines; more is said", async () => {
    const long = { userAgent: "x".repeat(20_000) };
    const log = known(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        put(state, { end: "2026-11-21T03:00:00Z", lines: Array.from({ length: 500 }, () => long) });
      }),
    );
    expect([log.complete, log.unreadable]).toEqual([false, 0]);
    expect(counts(log)).toBeGreaterThan(380);
    expect(counts(log)).toBeLessThan(420);
  });

  it("may hold lines that are none: they are counted", async () => {
    const log = known(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        put(state, {
          end: "2026-11-21T03:00:00Z",
          lines: [{}, "", "half a li", line().slice(0, 80)],
        });
      }),
    );
    expect([counts(log), log.unreadable]).toEqual([1, 2]);
  });

  it("may be none", async () => {
    const log = known(await gatherIn((state) => goTo(state, "03:01:00")));
    expect([log.files, log.rows, log.complete]).toEqual([0, [], true]);
  });

  it("lie in a bucket of another region, which S3 names", async () => {
    const log = known(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        bucketIn(state).region = "eu-west-1";
        for (let node = 1; node <= 6; node += 1)
          put(state, { end: "2026-11-21T03:00:00Z", node, lines: [{}] });
      }),
    );
    expect(counts(log)).toBe(6);
  });
});

it("nothing of callers is kept: no address, query, user agent, trace id, or what they typed", async () => {
  const gathered = await gatherIn((state) => {
    goTo(state, "03:01:00");
    put(state, {
      end: "2026-11-21T03:00:00Z",
      lines: [
        { client: "203.0.113.9:4711", userAgent: "Acme/1 (jane@customer.example)" },
        { url: "https://api.hokus.ai:443/api/v1/models/21/predict?company=Acme" },
        { url: "https://api.hokus.ai:443/api/v1/companies/Acme/people/jane" },
        { url: "https://acme.example:443/", method: "ACME" },
      ],
    });
  });
  expect(counts(known(gathered))).toBe(3);
  expect(JSON.stringify(gathered)).not.toMatch(
    /acme|jane|203\.0\.113|198\.51\.100|python|58337281|TID_|company/iu,
  );
});

describe("what cannot be had", () => {
  it("a log that is off is never available here, and says how to switch it on", async () => {
    const seen = missing(
      await gatherIn((state) => {
        mainIn(state).attributes["access_logs.s3.enabled"] = "false";
      }),
    );
    expect([seen.reason, seen.availability, seen.detail]).toEqual([
      "not-applicable",
      "never",
      "the access log of hokusai-main-development and hokusai-dp-development is switched off",
    ]);
    expect(seen.mend).toContain("access_logs.s3.enabled");
  });

  it.each(accessLog.permissions)("%s denied names itself", async (action) => {
    const seen = missing(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        put(state, { end: "2026-11-21T03:00:00Z", lines: [{}] });
        state.controlPlane.deniedActions = new Set([action]);
      }),
    );
    expect([seen.reason, seen.mend, seen.availability]).toEqual([
      "denied",
      `grant ${action}`,
      "lost",
    ]);
  });

  it.each([
    [
      "no bucket",
      "hokusai-main-development writes its access log to the bucket hokusai-development-access-logs, which does not exist: entries are lost",
      (state: WorldState) => void (state.s3.buckets = []),
    ],
    [
      "no bucket's name",
      "elasticloadbalancing:DescribeLoadBalancerAttributes: the access log is on, and no bucket is named",
      (state: WorldState) => void (mainIn(state).attributes["access_logs.s3.bucket"] = ""),
    ],
    [
      "HTML in place of a list",
      "s3:ListBucket: the answer is no list of objects",
      (state: WorldState) => {
        state.controlPlane.brokenActions = new Set(["s3:ListBucket"]);
        state.controlPlane.brokenPage = "well-formed";
      },
    ],
    [
      "HTML in place of a file",
      "s3:GetObject: Z_DATA_ERROR: incorrect header check",
      (state: WorldState) => void (state.controlPlane.brokenActions = new Set(["s3:GetObject"])),
    ],
    [
      "throttling",
      "s3:ListBucket: AWS throttled every attempt (SlowDown)",
      (state: WorldState) =>
        void (state.controlPlane.throttledActions = new Set(["s3:ListBucket"])),
    ],
  ])("%s is broken", { timeout: 15_000 }, async (_, detail, edit) => {
    const seen = missing(
      await gatherIn((state) => {
        goTo(state, "03:01:00");
        put(state, { end: "2026-11-21T03:00:00Z", lines: [{}] });
        edit(state);
      }),
    );
    expect([seen.reason, seen.detail, seen.availability]).toEqual(["broken", detail, "lost"]);
    expect(seen.mend).not.toBe("");
  });
});

describe("other endpoints", () => {
  const query = { bucket: "logs", prefix: "", after: "" };
  const ask = async (
    settings: { endpointUrl: string; s3EndpointUrl?: string },
    bucket = "logs",
  ) => {
    const ports = createAwsPorts({
      region: "us-east-1",
      role: null,
      redactor: createRedactor(),
      ...settings,
    });
    try {
      return await ports.objects.list({ ...query, bucket }, AbortSignal.timeout(5_000));
    } catch (error) {
      if (error instanceof FactUnavailable) return error.missing;
      throw error;
    } finally {
      ports.close();
    }
  };

  it.each([
    ["a redirect without a region", 301, "PermanentRedirect", {}],
    [
      "a redirect that leads to itself",
      301,
      "PermanentRedirect",
      { "x-amz-bucket-region": "us-east-1" },
    ],
    [
      "a redirect that never ends",
      301,
      "PermanentRedirect",
      { "x-amz-bucket-region": "eu-west-1" },
    ],
    ["a signature for another region", 400, "AuthorizationHeaderMalformed", {}],
  ])("%s is broken", async (_, status, code, headers) => {
    const server = createServer((_request, response) => {
      response
        .writeHead(status, { "content-type": "application/xml", ...headers })
        .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>x</Message></Error>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const seen = await ask({ endpointUrl: `http://127.0.0.1:${port}` });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(seen).toMatchObject({ reason: "broken" });
    expect(seen).toHaveProperty(
      "detail",
      expect.stringContaining("S3 did not lead to where it is"),
    );
  });

  it("S3 alone may be somewhere else, and buckets stand in the path", async () => {
    const state = createWorldState();
    const server = await startAwsServer(state);
    const name = bucketIn(state).name;
    const elsewhere = { endpointUrl: "http://127.0.0.1:9", s3EndpointUrl: server.url };
    expect(await ask(elsewhere, name)).toEqual({ keys: [], complete: true });
    expect(await ask(elsewhere, "nobodys")).toBeNull();
    await server.close();
  });
});
