/** Gathers the AWS facts from the real clients against the offline AWS server, and judges their checks. */
import { createAwsPorts, type AwsConnection } from "#clients/aws/aws-ports.ts";
import { loadConfig } from "#config/load.ts";
import { factsOf, type Check } from "#core/check.ts";
import { systemClock } from "#core/clock.ts";
import type { Fact, Gathered } from "#core/fact.ts";
import type { Ports } from "#core/ports.ts";
import { nothingEarlier } from "#core/ports/earlier.ts";
import type { Resolution } from "#core/ports/probe.ts";
import { createRedactor } from "#core/redact.ts";
import type { Reported, Target } from "#core/target.ts";
import { gatherOne } from "#engine/gather.ts";
import { judgeOne } from "#engine/judge.ts";
import {
  startAwsServer,
  type AwsServer,
  type AwsServerOptions,
} from "../../src/sandbox/aws/server.ts";
import { createWorldState } from "../../src/sandbox/world/initial.ts";
import type { WorldState } from "../../src/sandbox/world/state.ts";

process.env["AWS_ACCESS_KEY_ID"] ??= "AKIAEXAMPLE";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "example";
process.env["AWS_EC2_METADATA_DISABLED"] ??= "true";

export interface AwsBench extends AsyncDisposable {
  readonly state: WorldState;
  readonly server: AwsServer;
  readonly ports: AwsConnection;
  readonly target: Target;
  gather(fact: Fact): Promise<Gathered>;
  /** The outcome, or "not run: <reason>: <detail>; <mend>". */
  outcome(check: Check): Promise<string>;
  summary(check: Check): Promise<string>;
  /** Summary and evidence, one line each; the detail of what was not run. */
  said(check: Check): Promise<string>;
}

export async function startAwsBench(
  prepare: (state: WorldState) => void = () => undefined,
  options: AwsServerOptions = {},
): Promise<AwsBench> {
  const state = createWorldState();
  prepare(state);
  return openAwsBench(state, options);
}

/** A bench on a world that already lives, whose state goes on changing. */
export async function openAwsBench(
  state: WorldState,
  options: AwsServerOptions = {},
  change: (target: Target) => Target = (target) => target,
  reported: Reported | null = null,
): Promise<AwsBench> {
  const server = await startAwsServer(state, options);
  const redactor = createRedactor();
  const ports = createAwsPorts({
    region: "us-east-1",
    endpointUrl: server.url,
    role: null,
    redactor,
  });
  const config = await loadConfig({ env: { AWS_REGION: "us-east-1" }, cwd: process.cwd() });
  const found = config.models.find((model) => model.id === "21");
  if (found === undefined) throw new Error("hokusai.yaml has no model 21");
  const target = change(found);
  const startedAt = state.now();
  const probe = { vantage: "internet", resolve: async (host: string) => resolveIn(state, host) };
  const setting = {
    ports: { ...ports, probe, earlier: nothingEarlier } as unknown as Ports,
    target,
    reported,
    clock: systemClock,
    redactor,
    runId: "00000000-0000-4000-8000-000000000000",
    startedAt,
    signal: new AbortController().signal,
  };

  const known = new Map<string, Promise<Gathered>>();
  const gather = async (fact: Fact): Promise<Gathered> => {
    const held = known.get(fact.id);
    if (held !== undefined) return held;
    const work = (async () => {
      const needs = await Promise.all(
        Object.entries(fact.needs).map(async ([name, need]) => [name, await gather(need)] as const),
      );
      return gatherOne(fact, Object.fromEntries(needs), setting);
    })();
    known.set(fact.id, work);
    return work;
  };
  const judge = async (check: Check) => {
    const facts = await Promise.all(
      factsOf(check).map(async (fact) => [fact.id, await gather(fact)] as const),
    );
    return judgeOne(check, Object.fromEntries(facts), {
      target,
      reported,
      startedAt,
      vantage: "internet",
    });
  };
  return {
    state,
    server,
    ports,
    target,
    gather,
    outcome: async (check) => {
      const judged = await judge(check);
      if ("finding" in judged) return judged.finding.outcome;
      const { reason, detail, mend } = judged.notRun;
      return `not run: ${reason}: ${detail}; ${mend}`;
    },
    summary: async (check) => {
      const judged = await judge(check);
      return "finding" in judged ? judged.finding.summary : judged.notRun.detail;
    },
    said: async (check) => {
      const judged = await judge(check);
      if (!("finding" in judged)) return judged.notRun.detail;
      const { summary, evidence } = judged.finding;
      return [summary, ...evidence.map(({ label, seen }) => `${label}: ${seen}`)].join("\n");
    },
    [Symbol.asyncDispose]: async () => {
      ports.close();
      await server.close();
    },
  };
}

/** The world's own zone, with its aliases followed. */
function resolveIn(state: WorldState, host: string): Resolution {
  const cnames: string[] = [];
  let name = host;
  for (;;) {
    const alias = state.dns.records.find(
      (record) => record.name === name && record.type === "CNAME",
    );
    if (alias === undefined || !("target" in alias)) break;
    cnames.push(alias.target);
    name = alias.target;
  }
  const addresses = state.dns.records.flatMap((record) =>
    record.name === name && "address" in record ? [record.address] : [],
  );
  const problem =
    addresses.length === 0 ? ({ outcome: "no-such-name", code: "ENOTFOUND" } as const) : null;
  return { host, addresses, cnames, problem, tookMs: 1 };
}
