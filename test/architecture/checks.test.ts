import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allChecks } from "#checks/index.ts";
import { factsOf, type Check } from "#core/check.ts";
import type { Fact } from "#core/fact.ts";
import { checksManual } from "#reports/checks-manual.ts";

const root = join(import.meta.dirname, "..", "..");
const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );

/** A file is a check when it defines one; pure helpers of several checks lie beside them. */
const checkFiles = filesBelow("src/checks").filter((name) =>
  /\bid: "[a-z-]+\/[a-z0-9-]+"/u.test(readFileSync(join(root, "src/checks", name), "utf8")),
);
const reachable = (facts: readonly Fact[], seen = new Map<string, Fact>()): Map<string, Fact> => {
  for (const fact of facts) {
    if (seen.has(fact.id)) continue;
    seen.set(fact.id, fact);
    reachable([...Object.values(fact.needs), ...(fact.after ?? [])], seen);
  }
  return seen;
};
const facts = [...reachable(allChecks.flatMap((check: Check) => factsOf(check))).values()];

describe("every check", () => {
  it("is registered under the path of its file, once", () => {
    const ids = allChecks.map((check) => check.id).toSorted();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(checkFiles.map((name) => name.replace(/\.ts$/u, "")).toSorted());
  });

  it("has a table of rows in test/checks", () => {
    const tests = filesBelow("test/checks")
      .map((name) => readFileSync(join(root, "test/checks", name), "utf8"))
      .join("\n");
    const untested = allChecks
      .filter((check) => !tests.includes(`checks/${check.id}.ts`))
      .map((check) => check.id);
    expect(untested).toEqual([]);
  });

  it("is documented as it is: npm run docs was run", () => {
    expect(readFileSync(join(root, "docs/checks.md"), "utf8")).toBe(checksManual(allChecks));
  });

  it.each(allChecks.map((check) => [check.id, check] as const))(
    "%s can be acted on",
    (_, check) => {
      const outcomes = Object.entries(check.outcomes);
      expect(outcomes[0]?.[1].status).toBe("ok");
      expect(outcomes.length).toBeGreaterThan(1);
      expect(check.question).toMatch(/\?$/u);
      for (const [name, outcome] of outcomes) {
        expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u);
        if (outcome.status !== "ok") expect(outcome.next, name).toBeTruthy();
      }
    },
  );
});

describe("every fact", () => {
  it("is named by its file", () => {
    const files = new Set(filesBelow("src/facts"));
    expect(facts.filter((fact) => !files.has(`${fact.id}.ts`)).map((fact) => fact.id)).toEqual([]);
  });

  it("ends by itself within the run's 30 s", () => {
    expect(
      facts
        .filter((fact) => fact.deadlineMs <= 0 || fact.deadlineMs > 25_000)
        .map((fact) => fact.id),
    ).toEqual([]);
  });

  it("that is cheap does not wait for a deep one, or the fast verdict would", () => {
    const waiting = facts
      .filter((fact) => fact.cost === "cheap")
      .filter((fact) =>
        [...reachable([...Object.values(fact.needs), ...(fact.after ?? [])]).values()].some(
          (need) => need.cost === "deep",
        ),
      );
    expect(waiting.map((fact) => fact.id)).toEqual([]);
  });

  it("of AWS names the permission it needs, as an IAM action", () => {
    const aws = facts
      .filter((fact) => fact.permissions.length > 0)
      .flatMap((fact) => fact.permissions);
    expect(aws.filter((name) => !/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/u.test(name))).toEqual([]);
  });
});
