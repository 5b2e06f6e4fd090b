import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { faults } from "#sandbox/faults/index.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "src", "sandbox", "faults");

/** "service-not-running" under "ECS service". */
const groupsOf = (text: string): ReadonlyMap<string, string> => {
  const system = new Map<string, string>();
  let heading = "";
  for (const line of text.split("\n")) {
    const id = /^ {2}(?<id>[a-z0-9-]+) {2,}\S/u.exec(line)?.groups?.["id"];
    if (id !== undefined) system.set(id, heading);
    else if (line !== "") heading = line;
  }
  return system;
};

describe("hokusai demo --list", () => {
  it("shows every fault once, under the system that it breaks", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(root, "bin", "hokusai.mjs"),
      "demo",
      "--list",
    ]);
    const headings = stdout.split("\n").filter((line) => /^\S/u.test(line));
    expect(new Set(headings).size).toBe(headings.length);
    expect(Object.fromEntries(groupsOf(stdout))).toEqual(
      Object.fromEntries(faults.map((fault) => [fault.id, fault.system])),
    );
  });

  it("knows every fault that a file defines, and none twice", async () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const modules = await Promise.all(
      files.map(
        async (name) => (await import(join(folder, name))) as Readonly<Record<string, unknown>>,
      ),
    );
    const defined = new Set(
      modules
        .flatMap((one) => Object.values(one))
        .flat()
        .flatMap((one) =>
          typeof one === "object" && one !== null && "apply" in one && "id" in one
            ? [String(one.id)]
            : [],
        ),
    );
    const ids = faults.map((fault) => fault.id);
    expect(new Set(ids)).toEqual(defined);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
