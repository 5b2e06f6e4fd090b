/** Each IAM action denied alone, through the composed engine: what it costs, and what it must not change. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allChecks } from "#checks/index.ts";
import type { Check } from "#core/check.ts";
import type { Fact } from "#core/fact.ts";
import type { Investigation } from "#core/investigation.ts";
import { checksOf } from "#core/plan.ts";
import type { Reported } from "#core/target.ts";
import { terminalReport } from "#reports/terminal.ts";
import { faultNamed } from "../../src/sandbox/faults/index.ts";
import { startLivingWorld } from "../../src/sandbox/world/living.ts";
import { serviceNamed, type WorldState } from "../../src/sandbox/world/state.ts";
import { openAwsBench } from "./aws-bench.ts";
import { awsChecks } from "./aws-checks.ts";
import { closureOf, startAwsRuns, type AwsRuns } from "./aws-run.ts";

const api = "hokusai-api-development";
const everyCheck: readonly Check[] = allChecks;
const needsOf = (check: Check): readonly Fact[] => closureOf({ ...check, optional: {} });
const asks = (facts: readonly Fact[], action: string): boolean =>
  facts.some((fact) => fact.permissions.includes(action));

/** Whatever any fact declares: an action that is not here is in no policy, and one that is here is tried. */
const actions = [
  ...new Set(everyCheck.flatMap((check) => closureOf(check).flatMap((fact) => fact.permissions))),
].toSorted();

/** Checks that ask AWS and wait for no prediction, and one that this installation never sees. */
const own = new Set(
  everyCheck
    .filter((check) => {
      const facts = closureOf(check);
      return (
        facts.some((fact) => fact.permissions.length > 0) &&
        facts.every((fact) => fact.id !== "keyed-prediction")
      );
    })
    .map((check) => check.id)
    .concat("dns/internal-name"),
);

/** What is asked for in some worlds only, or when somebody says when it happened to them. */
interface Setting {
  /** Gives what undoes it. */
  readonly edit?: (state: WorldState) => () => void;
  readonly reported?: Reported;
}
const settings: Readonly<Record<string, Setting>> = {
  "ec2:GetManagedPrefixListEntries": {
    edit: (state) => {
      const prefixListId = "pl-0a1b2c3d4e5f60001";
      state.ec2.prefixLists.push({
        prefixListId,
        name: "everywhere",
        cidrs: ["0.0.0.0/0"],
        managed: { version: 1, maxEntries: 1 },
      });
      const changed = tasksGroups(state)
        .flatMap((group) => group.egress)
        .filter((rule) => rule.fromPort === 443);
      for (const rule of changed) {
        delete rule.cidrIpv4;
        rule.prefixListId = prefixListId;
      }
      return () => {
        for (const rule of changed) {
          delete rule.prefixListId;
          rule.cidrIpv4 = "0.0.0.0/0";
        }
        state.ec2.prefixLists.pop();
      };
    },
  },
  "servicediscovery:DiscoverInstances": {
    edit: (state) => {
      const service = serviceNamed(state, api);
      const before = service.serviceRegistries;
      service.serviceRegistries = [];
      return () => void (service.serviceRegistries = before);
    },
  },
  "logs:DescribeLogGroups": {
    reported: {
      symptom: null,
      url: null,
      method: "POST",
      at: new Date(Date.now() - 12 * 60 * 60_000).toISOString(),
      requestId: null,
    },
  },
};

const tasksGroups = (state: WorldState) => {
  const ids = serviceNamed(state, api).networkConfiguration.awsvpcConfiguration.securityGroups;
  return state.ec2.securityGroups.filter((group) => ids.includes(group.groupId));
};

const outcomesOf = (run: Investigation): ReadonlyMap<string, string> =>
  new Map(run.findings.map((finding) => [finding.check, finding.outcome]));

let runs: AwsRuns;
let healthy: Investigation;
beforeAll(async () => {
  runs = await startAwsRuns();
  healthy = await runs.run({ checks: own });
}, 30_000);
afterAll(async () => runs[Symbol.asyncDispose]());

interface Row {
  readonly action: string;
  readonly "checks lost": string;
  readonly verdict: string;
  readonly seconds: string;
}

/** Runs with one action denied; gives its row and what is wrong with the run. */
async function deny(action: string): Promise<{ row: Row; wrong: readonly string[] }> {
  const { state, aws } = runs.world;
  const setting = settings[action];
  const undo = setting?.edit?.(state);
  const asking = { checks: own, reported: setting?.reported ?? null };
  const before = setting === undefined ? healthy : await runs.run(asking);
  state.controlPlane.deniedActions = new Set([action]);
  const from = aws.calls.length;
  const run = await runs.run(asking);
  const asked = aws.calls.slice(from).some((call) => call.action === action);
  state.controlPlane.deniedActions = new Set();
  undo?.();

  const known = new Set(before.notRun.map((row) => row.check));
  const lost = run.notRun.filter((row) => !known.has(row.check));
  const row: Row = {
    action,
    "checks lost": lost.map((one) => one.check).join(" ") || "-",
    verdict: run.diagnosis?.verdict ?? "none",
    seconds: ((run.endedAfterMs ?? 0) / 1_000).toFixed(1),
  };
  return { row, wrong: [...wrongWith(action, asked, run, before, lost)] };
}

function* wrongWith(
  action: string,
  asked: boolean,
  run: Investigation,
  before: Investigation,
  lost: Investigation["notRun"],
): Generator<string> {
  if (run.stopped !== "complete") yield `the run ended as ${run.stopped}`;
  if (run.diagnosis?.verdict !== "inconclusive") yield `the verdict is ${run.diagnosis?.verdict}`;

  const planned = new Set(checksOf(runs.plan));
  const never = everyCheck
    .filter((check) => planned.has(check.id))
    .flatMap((check) => closureOf(check))
    .filter((fact) => fact.permissions.includes(action))
    .every((fact) => {
      const one = run.facts[fact.id];
      return one?.state === "missing" && one.missing.availability === "never";
    });
  if (!asked && !never) yield "nobody asked for it";

  for (const one of lost) {
    if (one.availability !== "lost") yield `${one.check} is ${one.availability}, not lost today`;
    if (one.reason !== "denied") yield `${one.check} is ${one.reason}, not denied`;
    if (one.mend !== `grant ${action}`) yield `${one.check} says "${one.mend}"`;
  }
  const internal = run.notRun.find((one) => one.check === "dns/internal-name");
  if (internal?.availability !== "never") yield "dns/internal-name is not called never available";

  const report = terminalReport(run, { colour: false, width: null });
  if (lost.length > 0 && !report.includes(`grant ${action}`)) yield "the report does not name it";
  const line = lost.length === 0 ? "Lost today: nothing." : `(${lost.length} denied`;
  if (!report.includes(line)) yield `the report does not say "${line}"`;
  if (!report.includes("Never available here:")) yield "the report has nothing that is never there";

  const outcomes = outcomesOf(before);
  for (const { check, outcome } of run.findings) {
    if (outcomes.get(check) !== outcome) yield `${check} became ${outcome}`;
    const needs = everyCheck.filter((one) => one.id === check).flatMap(needsOf);
    const missing = needs.find((fact) => run.facts[fact.id]?.state !== "known");
    if (missing !== undefined) yield `${check} says ${outcome} without ${missing.id}`;
  }

  const notRun = new Set(run.notRun.map((one) => one.check));
  for (const { id, confirmedBy } of runs.plan.hypotheses) {
    const ours = confirmedBy.filter((sign) => own.has(sign.check));
    const blind = ours.length > 0 && ours.every((sign) => notRun.has(sign.check));
    const said = run.diagnosis?.hypotheses.find((one) => one.id === id)?.verdict;
    if (blind && said === "ruled-out") yield `${id} is ruled out, and nothing that shows it ran`;
  }
}

describe("one action denied at a time", () => {
  it("costs the checks that need it, names itself, and changes no other finding", async () => {
    const rows: Row[] = [];
    const wrong: string[] = [];
    for (const action of actions) {
      // oxlint-disable-next-line no-await-in-loop -- the world has one control plane
      const one = await deny(action);
      rows.push(one.row);
      wrong.push(...one.wrong.map((what) => `${action}: ${what}`));
    }
    console.table(rows);
    expect(wrong).toEqual([]);
    expect(rows.map((row) => row.action)).toEqual(actions);
    expect(actions.length).toBeGreaterThan(26);
    // An action whose loss nobody notices is not asked for without need: these sharpen an answer,
    // or are asked for only where an installation switched that on.
    const sharpens = new Set([
      "ecs:ListServiceDeployments",
      "ecs:ExecuteCommand",
      "sts:GetCallerIdentity",
    ]);
    const unnoticed = rows.filter((row) => row["checks lost"] === "-").map((row) => row.action);
    expect(unnoticed.filter((action) => !sharpens.has(action))).toEqual([]);
  }, 180_000);

  it("covers what the servers were asked for", () => {
    const asked = new Set(runs.world.aws.calls.map((call) => call.action));
    expect([...asked].filter((action) => !actions.includes(action))).toEqual([]);
  });
});

/** What is wrong there shows in a fact that is optional to some check: blind to it, it must not say "well". */
describe.concurrent("in a world with a fault, a denied action takes findings away and changes none", () => {
  const guarded = awsChecks.filter((check) => check.optional !== undefined);
  const optional = guarded.flatMap((check) =>
    Object.values(check.optional ?? {}).flatMap((fact) =>
      closureOf({ ...check, needs: {}, optional: { fact } }),
    ),
  );
  const hidden = actions.filter((action) => asks(optional, action));
  it.each([
    "release-rolled-back",
    "acl-inbound",
    "acl-ephemeral-in",
    "nat-deleted",
    "endpoint-missing",
    "prefix-list-emptied",
    "dns-support-off",
    "fail-open",
    "load-balancer-port",
    "weight-zero",
  ])("%s", { timeout: 60_000 }, async (fault) => {
    const world = await startLivingWorld([faultNamed(fault)]);
    const look = async (action: string | null): Promise<readonly string[]> => {
      world.state.controlPlane.deniedActions = new Set(action === null ? [] : [action]);
      await using bench = await openAwsBench(world.state);
      return Promise.all(guarded.map(async (check) => bench.outcome(check)));
    };
    try {
      await world.settled();
      const before = await look(null);
      const changed: string[] = [];
      for (const action of hidden) {
        // oxlint-disable-next-line no-await-in-loop -- the world has one control plane
        const after = await look(action);
        changed.push(
          ...guarded.flatMap((check, i) =>
            after[i] === before[i] || after[i]?.startsWith("not run") === true
              ? []
              : [`without ${action}, ${check.id} is ${after[i]}, not ${before[i]}`],
          ),
        );
      }
      expect(changed).toEqual([]);
      expect(hidden.length).toBeGreaterThan(10);
    } finally {
      await world.stop();
    }
  });
});
