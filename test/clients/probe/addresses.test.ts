import { afterEach, describe, expect, it } from "vitest";
import { createAddressPolicy, embeddedIpv4 } from "#clients/probe/addresses.ts";
import { createPostgres } from "#clients/postgres.ts";
import { createConnector } from "#clients/probe/connection.ts";
import { allowedHosts, roleOf } from "#clients/probe/policy.ts";
import { createRedactor } from "#core/redact.ts";
import { nameServer, replying, tcp, json, type Running } from "./servers.ts";
import { model, network, probeWith, service } from "./setting.ts";

const never = new AbortController().signal;
const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

describe("addresses that nothing may connect to", () => {
  const policy = createAddressPolicy({ allowPrivate: [], portMap: {} });
  it.each([
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.31.255.1",
    "192.168.1.1",
    "169.254.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "not-an-address",
    "",
  ])("%s", (address) => {
    expect(policy.problem(address)).not.toBeNull();
  });

  it.each([
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "64:ff9b::1.1.1.1",
    "::ffff:1.1.1.1",
  ])("%s is public", (address) => {
    expect(policy.problem(address)).toBeNull();
  });

  it("allows what the operator allows, but never metadata", () => {
    const opened = createAddressPolicy({
      allowPrivate: ["10.0.0.0/16", "169.254.0.0/16", "fd00::/8"],
      portMap: {},
    });
    expect(opened.problem("10.0.3.4")).toBeNull();
    expect(opened.problem("::ffff:10.0.3.4")).toBeNull();
    expect(opened.problem("10.1.0.1")).not.toBeNull();
    for (const address of [
      "169.254.169.254",
      "::ffff:169.254.169.254",
      "169.254.170.2",
      "fd00:ec2::254",
    ]) {
      expect(opened.problem(address)).toMatch(/metadata/u);
    }
  });

  it("finds the IPv4 address inside", () => {
    expect(embeddedIpv4("::ffff:192.168.0.9")).toBe("192.168.0.9");
    expect(embeddedIpv4("64:ff9b::c0a8:9")).toBe("192.168.0.9");
    expect(embeddedIpv4("2002:c0a8:9::1")).toBe("192.168.0.9");
    expect(embeddedIpv4("2606:4700::1111")).toBeNull();
  });

  it.each([
    [{ allowPrivate: ["10.0.0.0/99"] }, /not an address range/u],
    [{ portMap: { "a:1": "localhost:2" } }, /not an address and a port/u],
  ])("refuses a setting it cannot read: %o", (change, message) => {
    expect(() => createAddressPolicy({ allowPrivate: [], portMap: {}, ...change })).toThrow(
      message,
    );
  });
});

describe("tricks with the host of a request", () => {
  it.each([
    "http://127.0.0.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/",
    "http://api.hokus.ai@127.0.0.1/",
    "http://api.hokus.ai.evil.example/",
    "http://evil.example#api.hokus.ai",
    "ftp://api.hokus.ai/",
    "file:///etc/passwd",
    "api.hokus.ai",
  ])("%s gets no request", async (url) => {
    const request = { url, method: "GET", runId: "r", timeoutMs: 300 };
    await expect(probeWith({ vantage: "internet" }).http(request, never)).rejects.toMatchObject({
      missing: { reason: "not-applicable" },
    });
  });

  it("judges every answer of the name server, even where the first is good", async () => {
    let connected = 0;
    const server = await tcp((socket) => {
      connected += 1;
      replying(json(200, {}))(socket);
    });
    const names = await nameServer({
      "api.hokus.ai": [
        { type: "A", data: "127.0.0.1" },
        { type: "A", data: "1.1.1.1" },
      ],
    });
    running.push(server, names);
    const probe = probeWith({ resolver: `127.0.0.1:${names.port}` });
    const request = {
      url: `http://api.hokus.ai:${server.port}/`,
      method: "GET",
      runId: "r",
      timeoutMs: 500,
    };
    await expect(probe.http(request, never)).rejects.toThrow(/private or special/u);
    await expect(probe.http({ ...request, address: "1.1.1.1" }, never)).rejects.toThrow(
      /private or special/u,
    );
    const open = probeWith({ resolver: `127.0.0.1:${names.port}`, allowPrivate: ["127.0.0.1/32"] });
    expect(await open.http({ ...request, address: "127.0.0.1" }, never)).toMatchObject({
      status: 200,
    });
    expect(connected).toBe(1);
  });

  it("allows by port map exactly the mapped port", async () => {
    const server = await tcp(replying(json(200, {})));
    const names = await nameServer({ "api.hokus.ai": [{ type: "A", data: "10.1.2.3" }] });
    running.push(server, names);
    const probe = probeWith({
      resolver: `127.0.0.1:${names.port}`,
      portMap: { "api.hokus.ai:80": `127.0.0.1:${server.port}` },
    });
    const request = { url: "http://api.hokus.ai/", method: "GET", runId: "r", timeoutMs: 500 };
    expect(await probe.http(request, never)).toMatchObject({
      status: 200,
      address: "10.1.2.3",
      port: 80,
    });
    await expect(probe.http({ ...request, url: "http://api.hokus.ai:81/" }, never)).rejects.toThrow(
      /private or special/u,
    );
  });
});

describe("hosts of the catalogue", () => {
  const other = {
    ...service,
    id: "other",
    api: { ...service.api, url: "https://staging.hokus.ai/api" },
  };
  const hosts = allowedHosts({
    services: [service, other],
    models: [{ ...model, documents: ["https://docs.example/21", "https://hokus.ai/x"] }],
  });
  it.each([
    ["api.hokus.ai", "api"],
    ["API.hokus.ai.", "api"],
    ["auth.hokus.ai", "auth"],
    ["hokus.ai", "website"],
    ["api.hokusai-development.local", "internal"],
    ["staging.hokus.ai", "other-api"],
    ["docs.example", "document"],
    ["example.com", null],
  ])("%s is %s", (host, role) => {
    expect(roleOf(hosts, "api", host)).toBe(role);
  });
});

describe("what is private is not judged from the internet", () => {
  it("says so instead of calling the database down", async () => {
    const names = await nameServer({ "db.internal": [{ type: "A", data: "10.0.0.9" }] });
    running.push(names);
    const connector = createConnector({ ...network, resolver: `127.0.0.1:${names.port}` });
    const database = createPostgres(connector, () => undefined, createRedactor());
    const asked = {
      ...service,
      dependencies: {
        ...service.dependencies,
        database: { url: "postgres://u:p@db.internal/x", host: null, port: 5432, table: "t" },
      },
    };
    await expect(database.deployedModels(asked, "21", never)).rejects.toMatchObject({
      missing: { reason: "not-applicable" },
    });
  });
});
