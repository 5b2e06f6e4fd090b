import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { startWorld } from "../../../src/sandbox/start.ts";

describe("startWorld", () => {
  it("gives everything that the shipped catalogue asks the environment for", async () => {
    const sandbox = await startWorld({ faults: ["wrong-host"] });
    try {
      const [shipped = "", overlay = ""] = (sandbox.env["HOKUSAI_CONFIG"] ?? "").split(delimiter);
      const wanted = [...(await readFile(shipped, "utf8")).matchAll(/\{ ?env: (\w+) ?\}/g)].map(
        (one) => one[1] ?? "",
      );
      for (const name of wanted.filter((one) => one !== "NAME"))
        expect(sandbox.env).toHaveProperty(name);
      expect(JSON.parse(await readFile(overlay, "utf8"))).toEqual({ network: sandbox.network });
      expect(sandbox.report).toMatchObject({
        symptom: "405",
        url: "https://hokus.ai/api/v1/models/21/predict",
      });
      expect(
        Object.keys(sandbox.network.portMap).every((name) =>
          /^30\.\d+\.\d+\.\d+:(443|80)$/.test(name),
        ),
      ).toBe(true);
    } finally {
      await sandbox.stop();
    }
  }, 20_000);

  it("leaves nothing behind that keeps a process alive, also when stopped before it has settled", async () => {
    const entry = new URL("../../../src/sandbox/start.ts", import.meta.url).href;
    const script = `const { startWorld } = await import(${JSON.stringify(entry)});
      const one = await startWorld({ faults: ["auth-unreachable"] }); await one.stop();
      const two = await startWorld({ faults: [] }); await two.settled(); await two.stop();
      console.log("stopped");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, "exit", { signal: AbortSignal.timeout(20_000) })) as [number];
    expect([code, said.trim()]).toEqual([0, "stopped"]);
  }, 25_000);

  it("refuses an unknown fault before anything starts", async () => {
    await expect(startWorld({ faults: ["nonsense"] })).rejects.toThrow(/There are: healthy, /);
  });
});
