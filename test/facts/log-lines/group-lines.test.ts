import { describe, expect, it } from "vitest";
import type { LogLine } from "#core/ports/aws.ts";
import { filterPattern } from "#facts/log-lines/filter-pattern.ts";
import { fingerprint } from "#facts/log-lines/fingerprint.ts";
import { groupLines } from "#facts/log-lines/group-lines.ts";
import { kindOf } from "#facts/log-lines/kinds.ts";
import { isOwnRequest } from "#facts/log-lines/own-requests.ts";
import { wordingOf } from "#facts/log-lines/wording.ts";
import { target } from "../../checks/samples.ts";

const wording = wordingOf(target);

describe("kindOf: wordings of Python services", () => {
  it.each([
    // uvicorn and JSON access lines
    [
      "method-not-allowed",
      'INFO:     10.0.0.9:51234 - "POST /api/v1/models/21/predict HTTP/1.1" 405 Method Not Allowed',
    ],
    [
      "method-not-allowed",
      '{"level":"info","method":"POST","path":"/api/v1/models/21/predict","status":405}',
    ],
    [
      null,
      'INFO:     10.0.0.9:51234 - "GET /api/v1/models/21/predict HTTP/1.1" 405 Method Not Allowed',
    ],
    [null, 'INFO:     10.0.0.9:51234 - "POST /somewhere HTTP/1.1" 405 Method Not Allowed'],
    [
      "model-error",
      'INFO:     10.0.0.9:51234 - "POST /api/v1/models/21/predict HTTP/1.1" 503 Service Unavailable',
    ],
    [
      null,
      'INFO:     10.0.0.9:51234 - "POST /api/v1/models/210/predict HTTP/1.1" 503 Service Unavailable',
    ],
    [null, 'INFO:     10.0.0.9:51234 - "POST /api/v1/models/21/predict HTTP/1.1" 401 Unauthorized'],
    [null, 'INFO:     10.0.0.9:51234 - "POST /api/v1/models/21/predict HTTP/1.1" 200 OK'],
    // missing variables
    ["missing-variable", "KeyError: 'HUB_KEY'"],
    ["missing-variable", "RuntimeError: HUB_KEY environment variable is required"],
    [
      "missing-variable",
      "ValueError: Missing required environment variables: SOME_SETTING, OTHER_SETTING",
    ],
    ["missing-variable", "CRITICAL AUTH_URL is not set"],
    [
      "missing-variable",
      "auth_url: Field required [type=missing, input_value={}, input_type=dict]",
    ],
    [null, "WARNING: HF_HUB_CACHE is not set in the environment, using a default"],
    // start-up
    ["startup", "ERROR:    Application startup failed. Exiting."],
    ["startup", 'ERROR:    Error loading ASGI app. Could not import module "main".'],
    ["startup", "ModuleNotFoundError: No module named 'torch'"],
    [
      "startup",
      "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8001): address already in use",
    ],
    // redis-py
    [
      "redis",
      "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.",
    ],
    ["redis", "redis.exceptions.TimeoutError: Timeout reading from socket"],
    [
      "redis-unresolved",
      "WARNING auth cache unavailable: Error -2 connecting to cache.example.local:6379. Name or service not known.",
    ],
    [
      "redis",
      "redis.exceptions.ResponseError: OOM command not allowed when used memory > 'maxmemory'.",
    ],
    // psycopg, SQLAlchemy
    [
      "database",
      'psycopg.OperationalError: connection failed: connection to server at "10.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "api"',
    ],
    [
      "database",
      "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
    ],
    ["database", 'psycopg2.errors.UndefinedTable: relation "deployed_models" does not exist'],
    // huggingface_hub
    [
      "hub",
      "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1-x)",
    ],
    [
      "hub",
      "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/api/models/x",
    ],
    [
      "hub",
      "MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded\")",
    ],
    // httpx and requests against the auth service
    ["auth-timeout", "ERROR auth service timeout after 10.0s"],
    [
      "auth-timeout",
      "ERROR src.middleware.auth: httpx.ConnectTimeout while calling https://auth.example.com/validate",
    ],
    [
      "auth-timeout",
      "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='auth.example.com', port=443): Read timed out. (read timeout=10)",
    ],
    ["auth-error", "ERROR authentication service unreachable: [Errno 111] Connection refused"],
    [
      "auth-error",
      "httpx.HTTPStatusError: Server error '503 Service Unavailable' for url 'https://auth.example.com/validate'",
    ],
    [null, "INFO auth service client ready, timeout=10s"],
    // the model
    ["model-error", "ERROR:    Exception in ASGI application"],
    [
      "model-error",
      "ERROR prediction failed for model_id=21: ValueError: could not convert string to float",
    ],
    [null, "INFO loaded model 21 in 3.4 s"],
    ["other-error", "ZeroDivisionError: division by zero"],
    [null, "INFO:     Application startup complete."],
    [null, '  File "/app/main.py", line 12, in <module>'],
  ])("%s: %s", (kind, text) => {
    expect(kindOf(text, wording)).toBe(kind);
  });
});

const at = Date.parse("2026-11-21T02:50:00Z");
const line = (seconds: number, text: string, stream = "ecs/api/a"): LogLine => ({
  at: at + seconds * 1_000,
  stream,
  text,
});

describe("groupLines", () => {
  it("counts by kind, keeps the newest example, first and last time, and templates", () => {
    const { kinds } = groupLines(
      [
        line(40, "ERROR auth service timeout after 10.2s for request 9f86d081884c"),
        line(0, "ERROR auth service timeout after 10.0s for request 2c26b46b68ff"),
        line(20, "ERROR auth service timeout: no answer from 10.0.4.7:443"),
      ],
      wording,
    );
    expect(kinds["auth-timeout"]).toEqual({
      count: 3,
      firstAt: "2026-11-21T02:50:00.000Z",
      lastAt: "2026-11-21T02:50:40.000Z",
      newestAt: [40, 20, 0].map((seconds) => new Date(at + seconds * 1_000).toISOString()),
      example: "ERROR auth service timeout after 10.2s for request 9f86d081884c",
      templates: [
        { template: "ERROR auth service timeout after <n>s for request <hex>", count: 2 },
        { template: "ERROR auth service timeout: no answer from <address>", count: 1 },
      ],
    });
    expect(kinds.redis.count).toBe(0);
  });

  it("keeps the times of the newest ten of a kind, newest first", () => {
    const { kinds } = groupLines(
      Array.from({ length: 14 }, (_, i) => line(i, "ERROR auth service timeout after 10.0s")),
      wording,
    );
    const { newestAt } = kinds["auth-timeout"];
    expect([newestAt.length, newestAt[0], newestAt.at(-1)]).toEqual([
      10,
      "2026-11-21T02:50:13.000Z",
      "2026-11-21T02:50:04.000Z",
    ]);
  });

  it("leaves our own requests out of counts", () => {
    const { kinds, ownLines } = groupLines(
      [
        line(
          0,
          "ERROR auth service timeout request_id=hokusai-0f8fad5b-d9cb-469f-a165-70867728950e-3",
        ),
        line(1, "ERROR auth service timeout request_id=7c1e"),
      ],
      wording,
    );
    expect([kinds["auth-timeout"].count, ownLines]).toEqual([1, 1]);
  });

  it("takes the errors of a stream that starts and never serves for start-up errors", () => {
    const crash = [
      line(0, "INFO:     Started server process [1]"),
      line(1, "Traceback (most recent call last):"),
      line(2, "ValueError: bad weights"),
    ];
    const serves = [
      ...crash.slice(0, 1),
      line(1, "INFO:     Application startup complete."),
      ...crash.slice(1),
    ];
    expect(groupLines(crash, wording).kinds.startup.count).toBe(2);
    expect(groupLines(serves, wording).kinds.startup.count).toBe(0);
    expect(groupLines(serves, wording).startedAt).toBe("2026-11-21T02:50:01.000Z");
  });

  it("joins a field with the line of pydantic that calls it required", () => {
    const { missingVariables } = groupLines(
      [line(0, "hub_key"), line(0, "  Field required [type=missing, input_value={}]")],
      wording,
    );
    expect(missingVariables).toEqual(["HUB_KEY"]);
  });
});

describe("own requests", () => {
  it.each([
    [true, '10.0.0.1 "POST /api HTTP/1.1" 401 "-" "hokusai/0.1.0"'],
    [true, "x-request-id: hokusai-0f8fad5b-d9cb-469f-a165-70867728950e-1"],
    [true, '{"user_agent":"hokusai/0.1.0","status":401}'],
    [false, "hokusai-api-development started"],
    [false, "connecting to redis.hokusai-development.local"],
  ])("%s: %s", (own, text) => {
    expect(isOwnRequest(text)).toBe(own);
  });
});

it("makes one template of lines that differ in ids, numbers, addresses and times", () => {
  const one = fingerprint(
    "2026-11-21T02:50:00.123Z  10.0.0.1:1234 took 12.5 ms for 0f8fad5b-d9cb-469f-a165-70867728950e",
  );
  expect(one).toBe("<time> <address> took <n> ms for <id>");
});

it("keeps the filter pattern within what AWS allows, whatever the catalogue requires", () => {
  const many = Array.from({ length: 100 }, (_, i) => `SOME_REQUIRED_VARIABLE_${i}`);
  expect(filterPattern(many).length).toBeLessThanOrEqual(1_024);
  expect(filterPattern(["HUB_KEY"])).toContain('?"HUB_KEY"');
});
