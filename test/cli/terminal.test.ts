import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type Sandbox } from "#sandbox/start.ts";

/** The terminal as a person uses it: a process of its own, against the offline world. */
const bin = join(import.meta.dirname, "..", "..", "bin", "hokusai.mjs");
let world: Sandbox;
let folder: string;

beforeAll(async () => {
  world = await startWorld({ faults: ["route-conflict"] });
  await world.settled();
  folder = mkdtempSync(join(tmpdir(), "hokusai-cli-"));
}, 60_000);
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const hokusai = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const clean = { PATH: process.env["PATH"], HOME: folder, AWS_EC2_METADATA_DISABLED: "true" };
    const options = { cwd: folder, env: { ...clean, ...env }, timeout: 60_000, maxBuffer: 1e8 };
    execFile(process.execPath, [bin, ...args], options, (error, out, err) =>
      resolve({
        code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1,
        out,
        err,
      }),
    );
  });

describe("hokusai check", () => {
  it("prints one document, exits 1 for a fault, and replays to the same bytes offline", async () => {
    const checked = await hokusai(
      ["check", "model", "21", "--symptom", "405", "--json", "--save", "run.json"],
      world.env,
    );
    expect(checked.code, checked.err).toBe(1);
    const document: unknown = JSON.parse(checked.out);
    expect(document).toMatchObject({
      schemaVersion: 1,
      target: { model: "21" },
      verdict: "fault",
      reported: { symptom: "405" },
      hypotheses: expect.arrayContaining([
        expect.objectContaining({ id: "route-conflict", verdict: "confirmed" }) as unknown,
      ]) as unknown,
    });
    const replayed = await hokusai(["replay", "run.json", "--json"]);
    expect(replayed.out).toBe(checked.out);
    expect(replayed.code).toBe(1);
    expect(readFileSync(join(folder, "run.json"), "utf8")).not.toContain(
      world.env["HOKUSAI_PROBE_API_KEY"],
    );
  }, 90_000);

  it("prints progress and a report without colour where nobody looks", async () => {
    const { code, out } = await hokusai(["check", "lead", "scoring"], world.env);
    expect(code).toBe(1);
    expect(out).toMatch(/^model 21 · Sales Lead Scoring v2/u);
    expect(out).toContain("routes/predict");
    expect(out).toMatch(/Route conflict: confirmed/u);
    expect(out).not.toContain("\u001B[");
  }, 90_000);

  it("still ends, and says what it could not see, where nothing is reachable", async () => {
    const dead = "http://127.0.0.1:1";
    const env = { AWS_ENDPOINT_URL: dead, AWS_ACCESS_KEY_ID: "AKIAX", AWS_SECRET_ACCESS_KEY: "x" };
    writeFileSync(join(folder, "network.yaml"), "network: { resolver: 127.0.0.1:1 }\n");
    const shipped = join(import.meta.dirname, "..", "..", "hokusai.yaml");
    const { code, out } = await hokusai(["check", "21", "--json"], {
      ...env,
      HOKUSAI_CONFIG: `${shipped}:${join(folder, "network.yaml")}`,
    });
    expect(code).toBe(2);
    const document = JSON.parse(out) as {
      verdict: string;
      findings: unknown[];
      notRun: { mend: string }[];
    };
    expect(document.verdict).toBe("inconclusive");
    expect(document.findings).toEqual([]);
    expect(document.notRun.every(({ mend }) => mend !== "")).toBe(true);
  }, 90_000);
});

describe("what is typed wrongly", () => {
  it.each([
    ["a model", ["check", "model", "99"], 64, /the models are 21 .*22/u],
    [
      "a plan",
      ["check", "21", "--plan", "model-api-40"],
      64,
      /the plans are .*did you mean model-api-405/u,
    ],
    ["a flag", ["check", "21", "--jsn"], 64, /no flag --jsn.*did you mean --json/u],
    ["a verb", ["chek"], 64, /did you mean check/u],
    ["a fault", ["demo", "--fault", "auth-unreachabel"], 64, /did you mean auth-unreachable/u],
    ["a run file", ["replay", "nowhere.json"], 64, /nowhere\.json cannot be read/u],
    ["a hypothesis", ["plan", "explain", "auth"], 64, /There is no hypothesis "auth"/u],
  ] as const)("%s: one sentence that names the valid ones", async (_, args, code, sentence) => {
    const ended = await hokusai(args);
    expect(ended.err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(ended.err).toMatch(sentence);
    expect([ended.code, ended.out]).toEqual([code, ""]);
  });

  it("a catalogue: every problem with line and column, exit 78", async () => {
    const file = join(folder, "broken.yaml");
    writeFileSync(file, "version: 1\nservices:\n  api:\n    ecs: { port: 80o1 }\n  bad: [\n");
    const ended = await hokusai(["check", "21"], { HOKUSAI_CONFIG: file });
    expect(ended.code).toBe(78);
    expect(ended.err).toMatch(/broken\.yaml:\d+:\d+/u);
  });

  it("no settings at all: npm start names what is missing and where to get it, exit 78", async () => {
    const main = join(import.meta.dirname, "..", "..", "src", "main.ts");
    const ended = await new Promise<Ended>((resolve) => {
      const env = { PATH: process.env["PATH"], HOME: folder };
      execFile(process.execPath, [main], { cwd: folder, env, timeout: 30_000 }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
    });
    expect(ended.code).toBe(78);
    expect(ended.err).toContain("SLACK_BOT_TOKEN");
    expect(ended.err).toContain("SLACK_SIGNING_SECRET");
    expect(ended.err).toContain("api.slack.com/apps");
  });
});
