/** Each IAM action denied alone, through the composed engine: what it costs, and what it must not change. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Investigation } from "#core/investigation.ts";
import {
  choosePlan,
  createInvestigator,
  type Investigator,
  loadConfig,
} from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";
import { awsChecks } from "./aws-checks.ts";

let world: Sandbox;
let investigator: Investigator;
let run: () => Promise<Investigation>;
let healthy: Investigation;

beforeAll(async () => {
  world = await startWorld({ faults: ["healthy"] });
  await world.settled();
  // The SDK reads its credentials from here and nowhere else.
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    process.env[name] ??= world.env[name] ?? "";
  const config = await loadConfig({ env: world.env, cwd: process.cwd() });
  investigator = await createInvestigator(config);
  const target = config.models.find((model) => model.id === "21");
  if (target === undefined) throw new Error("hokusai.yaml has no model 21");
  const whole = choosePlan(config, null, null);
  const own = new Set(awsChecks.map((check) => check.id));
  // Keyed predictions are paced over all runs; without them one run after the other is the same run.
  const plan = {
    ...whole,
    priorities: whole.priorities.map((one) => ({
      ...one,
      checks: one.checks.filter((id) => own.has(id)),
    })),
  };
  run = async () =>
    investigator.run(
      {
        id: randomUUID(),
        target,
        plan,
        reported: null,
        asker: { door: "terminal", id: null },
      },
      () => undefined,
    );
  healthy = await run();
}, 30_000);

afterAll(async () => {
  investigator.close();
  await world.stop();
});

const outcomesOf = (one: Investigation): ReadonlyMap<string, string> =>
  new Map(one.findings.map((finding) => [finding.check, finding.outcome]));

describe("one action denied at a time", () => {
  it("costs the checks that need it, names itself, and changes no other finding", async () => {
    const actions = [...new Set(world.aws.calls.map((call) => call.action))].toSorted();
    const before = outcomesOf(healthy);
    const neverHere = new Set(healthy.notRun.map((row) => row.check));
    const rows: Record<string, string>[] = [];
    const wrong: string[] = [];
    for (const action of actions) {
      world.state.controlPlane.deniedActions = new Set([action]);
      // oxlint-disable-next-line no-await-in-loop -- the world has one control plane
      const seen = await run();
      const after = outcomesOf(seen);
      const lost = seen.notRun.filter((row) => !neverHere.has(row.check));
      const changed = [...after].filter(([check, outcome]) => before.get(check) !== outcome);
      rows.push({
        denied: action,
        "not run": lost.map((row) => row.check).join(" ") || "-",
        "lost today": `${lost.filter((row) => row.availability === "lost").length}`,
        "never here": `${seen.notRun.filter((row) => row.availability === "never").length}`,
        verdict: seen.diagnosis?.verdict ?? "none",
        ended: seen.stopped ?? "not",
      });
      wrong.push(
        ...lost
          .filter((row) => !row.mend.includes(`grant ${action}`) || row.availability !== "lost")
          .map((row) => `${action}: ${row.check} says "${row.mend}" (${row.availability})`),
        ...changed.map(([check, outcome]) => `${action}: ${check} became ${outcome}`),
        ...(seen.stopped === "complete" ? [] : [`${action}: the run ended as ${seen.stopped}`]),
        ...(seen.diagnosis?.verdict === "fault" ? [`${action}: called a fault`] : []),
      );
    }
    world.state.controlPlane.deniedActions = new Set();
    console.table(rows);
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
    // An action whose loss nobody notices is not asked for without need: these sharpen an answer.
    expect(rows.filter((row) => row["not run"] === "-").map((row) => row["denied"])).toEqual([
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSubnets",
      "ecs:ListServiceDeployments",
    ]);
  }, 180_000);
});
