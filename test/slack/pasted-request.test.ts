/** A customer's whole command, pasted with their key and their data in it: what comes of it, and where nothing of it may be. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#core/clock.ts";
import { toDocument } from "#reports/json.ts";
import { openLedger } from "#ledger/open-ledger.ts";
import { runCli } from "../../src/cli/index.ts";
import { startBot, type Bot } from "../../src/compose-bot.ts";
import { loadConfig } from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

/** Every value of theirs says so; the one number does not occur by itself. */
const secret = /canary|77123456/iu;
const curl = [
  "curl -X POST -u canaryuser:canarypassword 'https://api.hokus.ai/api/v1/models/21/predict?token=canaryquery'",
  "-H 'X-Auth-Token: hk_live_canarykey000000000001'",
  "-H 'Content-Type: application/json' -H 'X-Tenant: canarytenant' -b 'session=canarycookie'",
  `-d '{"inputs": {"company_size": 77123456, "title": "canarytitle", "email": "canary@example.com", "canary@example.com": 1}}'`,
].join(" \\\n  ");

const before = { ...process.env };
let world: Sandbox;
let bot: Bot;
let stopped = false;
let directory: string;
const log: string[] = [];
/** What arrived at any server of the world, and what our probes put into a body. */
const arrived: string[] = [];
const sent: string[] = [];
const onArrival = (message: unknown): void => {
  const { request } = message as { request: IncomingMessage };
  // Slack tells the bot what was typed: that is the way in.
  if (request.url?.startsWith("/slack/events") === true) return;
  arrived.push(`${request.url ?? ""} ${request.rawHeaders.join(" ")}`);
};
const onProbe = (message: unknown): void => {
  const { request } = message as { request: { path: string; body: unknown } };
  if (request.path.startsWith("/slack/events")) return;
  if (typeof request.body === "string" || Buffer.isBuffer(request.body))
    sent.push(request.body.toString());
};

beforeAll(async () => {
  [world, directory] = await Promise.all([
    startWorld({ faults: ["healthy"] }),
    mkdtemp(join(tmpdir(), "hokusai-pasted-")),
  ]);
  Object.assign(process.env, world.env);
  const config = await loadConfig({
    env: { ...world.env, HOKUSAI_DATA_DIR: directory, LOG_LEVEL: "debug" },
    cwd: process.cwd(),
  });
  const logTo = new Writable({
    write(chunk: Buffer, _, done) {
      log.push(chunk.toString());
      done();
    },
  });
  bot = await startBot(config, { port: 0, ledger: "embedded", logTo });
  world.slack.driver.connect(`${bot.url}/slack/events`);
  await world.settled();
  subscribe("http.server.request.start", onArrival);
  subscribe("undici:request:create", onProbe);
}, 90_000);
afterAll(async () => {
  unsubscribe("http.server.request.start", onArrival);
  unsubscribe("undici:request:create", onProbe);
  if (!stopped) await bot.stop();
  await world.stop();
  await rm(directory, { recursive: true, force: true });
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
}, 60_000);

const settled = async (): Promise<void> => {
  await bot.idle();
  await bot.drained();
};
const ours = () =>
  world.slack.messages("incidents").filter(({ user }) => user === world.slack.botUserId);
const newest = async () => {
  const run = await bot.ledger.investigation(bot.newestInvestigation() ?? "");
  if (run === null) throw new Error("no run");
  return run;
};

describe("a pasted command", { timeout: 90_000 }, () => {
  it.each([
    ["with the flag", `check model 21 --symptom 401 --curl ${curl}`],
    ["as it is", `check model 21 ${curl}`],
  ])("is tried as the customer sends it: %s", async (_name, text) => {
    await world.slack.driver.slashCommand({ text });
    await settled();
    const run = await newest();
    const finding = run.findings.find(({ check }) => check === "client/request");
    expect(finding).toMatchObject({ outcome: "other-header", status: "failing" });
    expect(finding?.summary).toContain("header x-auth-token instead of authorization: 401 JSON");
    expect(JSON.stringify(finding?.evidence)).toContain("corrected request (scoped key)");
    expect(run.findings.find(({ check }) => check === "client/key-format")?.outcome).toBe(
      "well-formed",
    );
    expect(sent).toContain(
      '{"inputs":{"company_size":1000,"title":"VP of Engineering","email":"example","(another name)":1}}',
    );
    expect(ours().some(({ text: said }) => said.includes("please revoke it"))).toBe(true);
  });

  it("is tried from a mention", async () => {
    await world.slack.driver.mention({ text: `check model 21 --curl ${curl}` });
    await settled();
    expect((await newest()).reported?.sample).toMatchObject({
      headers: ["content-type", "x-auth-token", "x-tenant"],
      shape: { inputs: { company_size: "integer", title: "string", email: "string" } },
    });
  });

  it("sends nothing to a host that is not ours, and says so", async () => {
    const strange = curl.replace("api.hokus.ai", "api.hokus.example");
    await world.slack.driver.slashCommand({ text: `check model 21 --curl ${strange}` });
    await settled();
    const finding = (await newest()).findings.find(({ check }) => check === "client/request");
    expect(finding).toMatchObject({ outcome: "not-our-host" });
    expect(arrived.join("\n")).not.toContain("hokus.example");
  });

  it("is not repeated where it cannot be understood", async () => {
    await world.slack.driver.slashCommand({ text: `chekc model 21 --curl ${curl}` });
    await world.slack.driver.slashCommand({
      text: "check model 21 --curl canary hk_live_canary01",
    });
    await settled();
    const said = (): string =>
      ours()
        .map(({ text }) => text)
        .join("\n");
    await expect.poll(said).toContain("--curl wants a curl command");
    await expect.poll(said).toContain('I do not know "chekc"');
  });

  it("leaves nothing of itself on any outlet", async () => {
    const run = await newest();
    const outlets: Record<string, unknown> = {
      "the thread": ours(),
      "all that Slack was told": world.slack.events.filter(
        ({ message }) => message === undefined || message.user === world.slack.botUserId,
      ),
      "the tickets": [world.linear.issues(), world.linear.changes],
      "the run": run,
      "its document": toDocument(run),
      "the log": log,
      "requests that arrived": arrived,
      "bodies that we sent": sent,
      "calls to AWS": world.aws.calls,
    };
    expect(
      Object.keys(outlets).filter((name) => secret.test(JSON.stringify(outlets[name]))),
    ).toEqual([]);
    for (const name of ["the thread", "the log", "requests that arrived", "bodies that we sent"])
      expect(JSON.stringify(outlets[name]).length, name).toBeGreaterThan(10);
  });

  it("leaves nothing in a saved run, on a terminal", async () => {
    const file = join(directory, "run.json");
    const said: string[] = [];
    const code = await runCli(["check", "21", "--curl", curl, "--json", "--save", file], {
      out: (text) => said.push(text),
      err: (text) => said.push(text),
      style: { colour: false, width: null },
      interactive: false,
      cwd: process.cwd(),
      env: world.env,
    });
    expect(code, said.join("")).toBeLessThan(3);
    expect(said.join("")).toContain("other-header");
    expect(`${said.join("")}${await readFile(file, "utf8")}`).not.toMatch(secret);
  });

  it("leaves nothing in the ledger", async () => {
    await bot.stop();
    stopped = true;
    const ledger = await openLedger({
      databaseUrl: null,
      dataDirectory: directory,
      clock: systemClock,
      onProblem: () => undefined,
    });
    try {
      const tables = await ledger.sql.rows<{ name: string }>(
        "select table_schema || '.' || quote_ident(table_name) as name from information_schema.tables where table_schema in ('hokusai', 'pgboss')",
      );
      const holding: string[] = [];
      let rows = 0;
      for (const { name } of tables) {
        // oxlint-disable-next-line no-await-in-loop -- one connection
        const kept = await ledger.sql.rows(`select to_json(t) as row from ${name} t`);
        rows += kept.length;
        if (secret.test(JSON.stringify(kept))) holding.push(name);
      }
      expect(holding).toEqual([]);
      expect(rows).toBeGreaterThan(20);
    } finally {
      await ledger.close();
    }
  });
});
