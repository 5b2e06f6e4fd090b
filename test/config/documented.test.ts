import { readFile, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "#config/load.ts";
import { modelSchema, rootSchema } from "#config/schema.ts";
import { settingNames } from "#config/settings.ts";

const root = join(import.meta.dirname, "..", "..");
const manual = await readFile(join(root, "docs", "configuration.md"), "utf8");
const example = await readFile(join(root, ".env.example"), "utf8");
const catalogue = await readFile(join(root, "hokusai.yaml"), "utf8");

/** Every key below a schema, as "ecs.port". */
function keysOf(schema: unknown, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, child]) => keysOf(child, [...path, key]));
  }
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType, path);
  const inner = (schema as { def?: { innerType?: unknown } }).def?.innerType;
  return inner === undefined ? [path.join(".")] : keysOf(inner, path);
}

describe("the manual", () => {
  const documented = (key: string): boolean => {
    const last = key.split(".").at(-1) ?? "";
    return (
      manual.includes(`\`${key}\``) ||
      manual.includes(`\`${last}\``) ||
      manual.includes(`\`.${last}\``) ||
      manual.includes(`\`${key.replace(/^dependencies\./u, "")}\``)
    );
  };

  it.each([...keysOf(rootSchema), ...keysOf(modelSchema)])("names the key %s", (key) => {
    expect(documented(key)).toBe(true);
  });

  it.each([...settingNames])("and .env.example name the variable %s", (name) => {
    expect(manual).toContain(`| \`${name}\` |`);
    expect(example).toMatch(new RegExp(`^${name}=`, "mu"));
  });

  it("lists every secret that the shipped catalogue names", () => {
    const named = [...catalogue.matchAll(/\{ env: (\w+) \}/gu)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) {
      expect(manual).toContain(`\`${name}\``);
      expect(example).toMatch(new RegExp(`^${name}=`, "mu"));
    }
  });
});

describe("the examples of the manual", () => {
  const blocks = [...manual.matchAll(/```yaml\n([\s\S]*?)```/gu)].map((match) => match[1] ?? "");

  it.each(blocks)("can be laid over the shipped catalogue: %#", async (block) => {
    const directory = await mkdtemp(join(tmpdir(), "hokusai-docs-"));
    await writeFile(join(directory, "mine.yaml"), block);
    await writeFile(join(directory, "world-ca.pem"), "-----BEGIN CERTIFICATE-----\n");
    const files = [join(root, "hokusai.yaml"), join(directory, "mine.yaml")];
    const config = await loadConfig({
      env: { HOKUSAI_CONFIG: files.join(delimiter) },
      cwd: directory,
    });
    const written = parse(block) as {
      network?: { portMap?: object };
      models?: Record<string, unknown>;
    };
    expect(config.network.portMap).toEqual(written.network?.portMap ?? {});
    for (const [id, model] of Object.entries(written.models ?? {})) {
      expect(config.models.some((known) => known.id === id)).toBe(model !== null);
    }
  });

  it("are there", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(3);
  });
});
