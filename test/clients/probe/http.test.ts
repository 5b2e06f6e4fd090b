import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createConnector } from "#clients/probe/connection.ts";
import type { HttpRequest } from "#core/ports/probe.ts";
import {
  closedPort,
  createAuthority,
  json,
  nameServer,
  onRequest,
  replying,
  selfSigned,
  tcp,
  tls,
  unaccepting,
  type Authority,
  type Running,
} from "./servers.ts";
import { probeWith, scopedKey } from "./setting.ts";

const address = "192.0.2.10";
const zone = {
  "api.hokus.ai": [{ type: "A", data: address }],
  "hokus.ai": [{ type: "A", data: address }],
  "auth.hokus.ai": [{ type: "A", data: address }],
} as const;
const never = new AbortController().signal;
const day = 86_400_000;

let authority: Authority;
let folder: string;
let names: Running;
const running: Running[] = [];
const use = async (server: Promise<Running>): Promise<number> => {
  const started = await server;
  running.push(started);
  return started.port;
};

beforeAll(async () => {
  authority = await createAuthority();
  folder = mkdtempSync(join(tmpdir(), "probe-"));
  writeFileSync(join(folder, "ca.pem"), authority.pem);
  names = await nameServer(zone, { "servfail.hokus.ai": "SERVFAIL" });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await names.close();
  rmSync(folder, { recursive: true });
});

const probeAt = (port: number, scheme: "http" | "https" = "http") =>
  probeWith({
    resolver: `127.0.0.1:${names.port}`,
    ca: join(folder, "ca.pem"),
    portMap: { [`${address}:${scheme === "http" ? 80 : 443}`]: `127.0.0.1:${port}` },
  });
const ask = (scheme: "http" | "https", changes: Partial<HttpRequest> = {}): HttpRequest => ({
  url: `${scheme}://api.hokus.ai/api/v1/models/21/predict`,
  method: "POST",
  body: "{}",
  runId: "r1",
  timeoutMs: 700,
  connectTimeoutMs: 400,
  ...changes,
});

const halfBody = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nhalf";
const plain: readonly (readonly [
  name: string,
  handle: Parameters<typeof tcp>[0],
  outcome: string,
  phase: string,
  code: string | null,
])[] = [
  ["accepts and is silent", () => {}, "headers-timeout", "headers", null],
  [
    "drips headers",
    onRequest((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x-drip: 1\r\n"), 50);
      socket.on("close", () => clearInterval(timer));
    }),
    "headers-timeout",
    "headers",
    null,
  ],
  [
    "resets after the request",
    onRequest((socket) => socket.resetAndDestroy()),
    "reset-before-answer",
    "headers",
    "ECONNRESET",
  ],
  [
    "closes without an answer",
    onRequest((socket) => socket.end()),
    "closed-without-answer",
    "headers",
    "UND_ERR_SOCKET",
  ],
  [
    "is not HTTP",
    onRequest((socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n")),
    "not-http",
    "headers",
    "HTTPParserError",
  ],
  [
    "stalls in the body",
    onRequest((socket) => void socket.write(halfBody)),
    "body-stalled",
    "body",
    null,
  ],
  [
    "drips the body for ever",
    onRequest((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 30);
      socket.on("close", () => clearInterval(timer));
    }),
    "body-unfinished",
    "body",
    null,
  ],
  [
    "resets within the body",
    onRequest((socket) => {
      socket.write(halfBody, () => setTimeout(() => socket.resetAndDestroy(), 50));
    }),
    "reset-in-body",
    "body",
    "ECONNRESET",
  ],
  [
    "cuts the body short",
    onRequest((socket) => void socket.end(halfBody)),
    "truncated",
    "body",
    "UND_ERR_SOCKET",
  ],
];

describe("a server without TLS that misbehaves", () => {
  it.each(plain)("%s", async (_name, handle, outcome, phase, code) => {
    const seen = await probeAt(await use(tcp(handle))).http(ask("http"), never);
    expect(seen).toMatchObject({ outcome, phase });
    expect(seen.code).toBe(code);
    expect(seen.timings.dns).not.toBeNull();
    expect(seen.timings.connect).not.toBeNull();
    expect(seen.timings.tls).toBeNull();
    expect(seen.timings.body).toBeNull();
    expect(seen.totalMs).toBeLessThan(1_500);
  });

  it("resets on accept", async () => {
    const seen = await probeAt(await use(tcp((socket) => void socket.resetAndDestroy()))).http(
      ask("http"),
      never,
    );
    expect(seen.status).toBeNull();
    expect(["connect-failed", "reset-before-answer"]).toContain(seen.outcome);
  });

  it("refuses", async () => {
    const seen = await probeAt(await closedPort()).http(ask("http"), never);
    expect(seen).toMatchObject({
      outcome: "connection-refused",
      phase: "connect",
      code: "ECONNREFUSED",
      address,
    });
    expect(seen.timings).toMatchObject({ connect: null, headers: null });
  });

  it("drops every packet", async () => {
    const seen = await probeAt(await use(unaccepting())).http(ask("http"), never);
    expect(seen).toMatchObject({ outcome: "connect-timeout", phase: "connect", code: null });
    expect(seen.timings).toMatchObject({ connect: null, headers: null });
    expect(seen.totalMs).toBeLessThan(600);
  });

  it("speaks TLS where HTTP is asked", async () => {
    const port = await use(tls(await authority.issue("api.hokus.ai"), replying(json(200, {}))));
    const seen = await probeAt(port).http(ask("http"), never);
    expect(["closed-without-answer", "reset-before-answer", "not-http"]).toContain(seen.outcome);
    expect(seen.phase).toBe("headers");
  });
});

describe("a server with TLS that misbehaves", () => {
  const secure = async (issued: { key: string; cert: string }): Promise<number> =>
    use(tls(issued, replying(json(200, { ok: true }))));
  it.each([
    ["a good certificate", () => authority.issue("api.hokus.ai"), "answered", null],
    [
      "self-signed",
      () => selfSigned("api.hokus.ai"),
      "certificate-self-signed",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    [
      "unknown authority",
      async () => (await createAuthority("Somebody Else")).issue("api.hokus.ai"),
      "certificate-untrusted",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    [
      "expired",
      () => authority.issue("api.hokus.ai", -9 * day, -day),
      "certificate-expired",
      "CERT_HAS_EXPIRED",
    ],
    [
      "not yet valid",
      () => authority.issue("api.hokus.ai", day, 9 * day),
      "certificate-not-yet-valid",
      "CERT_NOT_YET_VALID",
    ],
    [
      "another name",
      () => authority.issue("other.example"),
      "certificate-wrong-name",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
  ])("%s", async (_name, issue, outcome, code) => {
    const seen = await probeAt(await secure(await issue()), "https").http(ask("https"), never);
    expect(seen).toMatchObject({ outcome, code, phase: outcome === "answered" ? null : "tls" });
    expect(seen.certificate?.validTo).toMatch(/^\d{4}-\d\d-\d\dT/u);
  });

  it("hangs in the handshake", async () => {
    const seen = await probeAt(await use(tcp(() => {})), "https").http(ask("https"), never);
    expect(seen).toMatchObject({ outcome: "tls-timeout", phase: "tls" });
    expect(seen.timings.connect).not.toBeNull();
    expect(seen.timings.tls).toBeNull();
  });

  it("resets in the handshake", async () => {
    const port = await use(tcp((socket) => socket.once("data", () => socket.resetAndDestroy())));
    expect(await probeAt(port, "https").http(ask("https"), never)).toMatchObject({
      outcome: "tls-reset",
      phase: "tls",
    });
  });

  it("speaks HTTP on the TLS port", async () => {
    const port = await use(tcp((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const seen = await probeAt(port, "https").http(ask("https"), never);
    expect(seen).toMatchObject({ outcome: "not-tls", phase: "tls" });
    expect(seen.code).toMatch(/WRONG_VERSION_NUMBER/u);
  });

  it("wants a client certificate", async () => {
    const issued = await authority.issue("api.hokus.ai");
    const port = await use(
      tls(
        { ...issued, requestCert: true, rejectUnauthorized: true, ca: authority.pem },
        replying(json(200, {})),
      ),
    );
    const seen = await probeAt(port, "https").http(ask("https"), never);
    expect(seen).toMatchObject({ outcome: "client-certificate-wanted", phase: "headers" });
  });
});

describe("names", () => {
  it.each([
    ["silent", "name-server-timeout", "ETIMEOUT"],
    ["SERVFAIL", "name-server-failure", "ESERVFAIL"],
    ["REFUSED", "name-server-refused", "EREFUSED"],
  ] as const)("a name server that answers %s", async (failure, outcome, code) => {
    const server = await nameServer(zone, { "api.hokus.ai": failure });
    running.push(server);
    const seen = await probeWith({ resolver: `127.0.0.1:${server.port}` }).http(
      ask("https"),
      never,
    );
    expect(seen).toMatchObject({ outcome, code, phase: "dns", address: null });
    expect(seen.timings.dns).toBeNull();
  });

  it("no such name, and a name without an address", async () => {
    const server = await nameServer({ "hokus.ai": [] });
    running.push(server);
    const probe = probeWith({ resolver: `127.0.0.1:${server.port}` });
    expect(await probe.http(ask("https"), never)).toMatchObject({
      outcome: "no-such-name",
      code: "ENOTFOUND",
    });
    expect(await probe.http(ask("https", { url: "https://hokus.ai/" }), never)).toMatchObject({
      outcome: "no-address",
      code: "ENODATA",
    });
  });

  it("nobody listens at the resolver: our setting, not the target", async () => {
    const resolver = `127.0.0.1:${await closedPort()}`;
    const setting = {
      vantage: "internet",
      resolver,
      ca: null,
      portMap: {},
      allowPrivate: [],
    } as const;
    expect((await createConnector(setting).resolve("api.hokus.ai", never)).problem).toEqual({
      outcome: "name-server-unreachable",
      code: "ECONNREFUSED",
    });
    await expect(probeWith({ resolver }).http(ask("https"), never)).rejects.toMatchObject({
      missing: { reason: "broken", mend: expect.stringContaining("network.resolver") as unknown },
    });
  });

  it("two addresses: a dead IPv6 is not hidden behind a live IPv4", async () => {
    const live = await use(tcp(replying(json(200, {}))));
    const six = "2001:db8::21";
    const server = await nameServer({
      "api.hokus.ai": [
        { type: "A", data: address },
        { type: "AAAA", data: six },
      ],
    });
    running.push(server);
    const probe = probeWith({
      resolver: `127.0.0.1:${server.port}`,
      portMap: {
        [`${address}:80`]: `127.0.0.1:${live}`,
        [`[${six}]:80`]: `127.0.0.1:${await closedPort()}`,
      },
    });
    const resolution = await probe.resolve("api.hokus.ai", never);
    expect(resolution.addresses).toEqual([address, six]);
    const [four, dead] = await Promise.all(
      resolution.addresses.map((one) => probe.http(ask("http", { address: one }), never)),
    );
    expect(four).toMatchObject({ outcome: "answered", address });
    expect(dead).toMatchObject({ outcome: "connection-refused", address: six });
  });

  it("follows aliases", async () => {
    const server = await nameServer({
      "api.hokus.ai": [{ type: "CNAME", data: "lb.example" }],
      "lb.example": [{ type: "A", data: "192.0.2.1" }],
    });
    running.push(server);
    const seen = await probeWith({ resolver: `127.0.0.1:${server.port}` }).resolve(
      "api.hokus.ai",
      never,
    );
    expect(seen.cnames).toEqual(["lb.example"]);
  });
});

describe("what is sent and kept", () => {
  const heads: string[] = [];
  const recording = (answer: string) =>
    onRequest((socket, head) => {
      heads.push(head);
      socket.end(answer);
    });
  afterEach(() => {
    heads.length = 0;
  });

  it("reports a redirect instead of following it, and marks its request", async () => {
    const port = await use(
      tcp(
        recording(
          "HTTP/1.1 307 X\r\nlocation: http://api.hokus.ai/elsewhere\r\ncontent-length: 0\r\n\r\n",
        ),
      ),
    );
    const probe = probeAt(port);
    const seen = await probe.http(ask("http"), never);
    expect(seen).toMatchObject({
      status: 307,
      requestId: "hokusai-r1-1",
      headers: { location: "http://api.hokus.ai/elsewhere" },
    });
    expect(heads).toHaveLength(1);
    expect(heads[0]).toMatch(/^POST \/api\/v1\/models\/21\/predict HTTP\/1\.1/u);
    expect(heads[0]?.toLowerCase()).toContain("host: api.hokus.ai\r\n");
    expect(heads[0]).toContain("hokusai/0.0.0");
    expect(heads[0]?.toLowerCase()).not.toContain("authorization");
    expect((await probe.http(ask("http"), never)).requestId).toBe("hokusai-r1-2");
  });

  it("opens a fresh connection for each request", async () => {
    let accepted = 0;
    const port = await use(
      tcp((socket) => {
        accepted += 1;
        onRequest((answering) => void answering.write(json(200, {})))(socket);
      }),
    );
    const probe = probeAt(port);
    await probe.http(ask("http"), never);
    await probe.http(ask("http"), never);
    expect(accepted).toBe(2);
  });

  it("redacts and cuts what comes back", async () => {
    const port = await use(
      tcp(
        recording(
          json(200, { echo: scopedKey, who: "someone@example.com", long: "y".repeat(500) }),
        ),
      ),
    );
    const seen = await probeAt(port).http(ask("http", { bodyLimit: 120 }), never);
    expect(seen.body).not.toContain(scopedKey);
    expect(seen.body).not.toContain("someone@");
    expect(seen.body).toHaveLength(120);
    expect(seen.bodyCut).toBe(true);
  });

  it("stops reading a body that is too large", async () => {
    const port = await use(
      tcp(
        onRequest((socket) => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          const more = (): void => {
            while (socket.writable && socket.write("z".repeat(16_384)));
          };
          socket.on("drain", more);
          more();
        }),
      ),
    );
    const seen = await probeAt(port).http(ask("http", { timeoutMs: 5_000 }), never);
    expect(seen).toMatchObject({ outcome: "answered", status: 200, bodyCut: true });
    expect(seen.body).toHaveLength(65_536);
  });

  it("gives the scoped key to the API's own origin, a dummy to other hosts of ours, nothing to strangers", async () => {
    const secure = await use(tls(await authority.issue("api.hokus.ai"), recording(json(200, {}))));
    const key = { service: "api", kind: "scoped" } as const;
    expect((await probeAt(secure, "https").http(ask("https", { key }), never)).key).toBe("scoped");
    expect(heads.at(-1)).toContain(`Bearer ${scopedKey}`);
    const site = await use(tls(await authority.issue("hokus.ai"), recording(json(200, {}))));
    const other = await probeAt(site, "https").http(
      ask("https", { key, url: "https://hokus.ai/api/v1/models/21/predict" }),
      never,
    );
    expect(other).toMatchObject({ key: "dummy", outcome: "answered" });
    expect(heads.at(-1)).not.toContain(scopedKey);
    expect(heads.at(-1)).toMatch(/Bearer hk_/u);
    const clear = await use(tcp(recording(json(200, {}))));
    expect((await probeAt(clear).http(ask("http", { key }), never)).key).toBe("dummy");
    expect(heads.at(-1)).not.toContain(scopedKey);
    const before = heads.length;
    await expect(
      probeAt(clear).http(ask("http", { url: "http://evil.example/predict", key }), never),
    ).rejects.toThrow(/catalogue does not name it/u);
    expect(heads).toHaveLength(before);
  });

  it("does not send the key to a server that cannot prove its name", async () => {
    const port = await use(tls(await selfSigned("api.hokus.ai"), recording(json(200, {}))));
    await probeAt(port, "https").http(
      ask("https", { key: { service: "api", kind: "scoped" } }),
      never,
    );
    expect(heads).toHaveLength(0);
  });

  it("caps keyed predictions a run and a minute", async () => {
    const port = await use(tls(await authority.issue("api.hokus.ai"), recording(json(200, {}))));
    const probe = probeWith(
      {
        resolver: `127.0.0.1:${names.port}`,
        ca: join(folder, "ca.pem"),
        portMap: { [`${address}:443`]: `127.0.0.1:${port}` },
      },
      { limits: { predictionsPerRun: 1, predictionsPerMinute: 2 } },
    );
    const key = { service: "api", kind: "scoped" } as const;
    await probe.http(ask("https", { key }), never);
    await expect(probe.http(ask("https", { key }), never)).rejects.toThrow(
      /this run has sent its 1/u,
    );
    await probe.http(ask("https", { key, runId: "r2" }), never);
    await expect(probe.http(ask("https", { key, runId: "r3" }), never)).rejects.toThrow(
      /in the last minute/u,
    );
    expect(heads).toHaveLength(2);
  });

  it("calls a silent target silent in time, however busy this process is", async () => {
    const probe = probeAt(await use(tcp(() => {})));
    const busy = setInterval(() => {
      const until = performance.now() + 40;
      while (performance.now() < until);
    }, 10);
    const started = performance.now();
    const seen = await probe.http(ask("http"), never).finally(() => clearInterval(busy));
    expect(seen.outcome).toBe("headers-timeout");
    // 700 ms, a fifth, 200 ms, and what the last turns of the event loop take.
    expect(performance.now() - started).toBeLessThan(1_400);
  });

  it("does not take its own busy moments for the target's silence", async () => {
    const port = await use(
      tcp(
        onRequest((socket) => {
          setTimeout(() => void socket.end(json(200, {})), 150);
        }),
      ),
    );
    setTimeout(() => {
      const until = performance.now() + 900;
      while (performance.now() < until);
    }, 40);
    const seen = await probeAt(port).http(ask("http", { timeoutMs: 600 }), never);
    expect(seen).toMatchObject({ outcome: "answered", status: 200 });
    expect(seen.totalMs).toBeLessThan(500);
  });

  it("says that its own time was up, and nothing of the target", async () => {
    const port = await use(tcp(() => {}));
    await expect(
      probeAt(port).http(ask("http", { timeoutMs: 5_000 }), AbortSignal.timeout(100)),
    ).rejects.toMatchObject({
      missing: { reason: "timed-out-here" },
    });
  });
});
