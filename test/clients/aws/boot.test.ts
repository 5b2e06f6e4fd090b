import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};
const clients = Object.keys(dependencies)
  .flatMap((name) => /^@aws-sdk\/(?<name>client-.+)$/u.exec(name)?.groups?.["name"] ?? [])
  .toSorted();

describe("the bot's AWS clients", () => {
  it(
    "are there at boot, but for EC2's and S3's, which come with the first run",
    { timeout: 60_000 },
    async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, "boot.ts")],
        { cwd: root },
      );
      const { atBoot, afterRun } = JSON.parse(stdout) as Record<"atBoot" | "afterRun", string[]>;
      // What the SDK loads for itself (credentials) is not ours to time.
      const ours = (names: readonly string[] = []) =>
        names.filter((name) => clients.includes(name));
      expect(ours(atBoot)).toEqual(
        clients.filter((name) => name !== "client-ec2" && name !== "client-s3"),
      );
      expect(ours(afterRun)).toEqual(clients);
    },
  );
});
