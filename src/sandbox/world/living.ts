/**
 * The living world: servers, runtime and customers on one state. Its past is played first, at the time it
 * belongs to; then the faults happen, the runtime takes their course, and the clock arrives at now.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sampleMinute } from "../balancer/metrics.ts";
import { openBalancers } from "../balancer/node.ts";
import type { Fault } from "../faults/fault.ts";
import { createAuthority } from "../net/authority.ts";
import { startDns } from "../net/dns.ts";
import { createWires } from "../net/wires.ts";
import { openPeers } from "../peers/hosts.ts";
import type { Inside } from "../runtime/inside.ts";
import { createRuntime } from "../runtime/runtime.ts";
import { callAsCustomer, startCustomers } from "./customer.ts";
import type { CustomerCall } from "./customer.ts";
import {
  playFailingCycles,
  playSamples,
  playTraffic,
  recordTapes,
  writeQuietDays,
} from "./history.ts";
import type { Tape } from "./history.ts";
import { createWorldState } from "./initial.ts";
import type { WorldState } from "./state.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Auth results are cached for five minutes: the last quiet requests lie just before that. */
const cacheMs = 5 * minute;
const settleMs = 2_300;

export interface LivingWorld {
  state: WorldState;
  /** PEM of the authority that the world's certificates come from. */
  ca: string;
  resolver: string;
  ports: { redis: number; database: number };
  /** A task as its container sees the world; undefined where no container runs. */
  inside: (taskId: string) => Inside | undefined;
  /** "30.195.12.40:443" to the loopback port behind it. */
  portMap(): Record<string, string>;
  customerCalls: readonly CustomerCall[];
  /** Resolves when what the faults imply has happened and the clock is at now. */
  settled(): Promise<void>;
  /** Edits the state now and lets the processes follow. */
  change(edit: (state: WorldState) => void): Promise<void>;
  stop(): Promise<void>;
}

export interface LivingOptions {
  /** Edits what the world is built from: how many tasks, which rules, how its program behaves. */
  shape?: (state: WorldState) => void;
  /** When the faults happened; by default what their reports say. */
  minutesAgo?: number;
  /** When the faults were healed again; by default they last. */
  healedMinutesAgo?: number;
}

export const startLivingWorld = async (
  faults: readonly Fault[],
  options: LivingOptions = {},
): Promise<LivingWorld> => {
  const state = createWorldState(options.shape);
  const authority = createAuthority(state);
  const wires = createWires(state);
  const runtime = createRuntime(state, wires, authority.pem);
  const [peers, balancers, dns] = await Promise.all([
    openPeers(state, wires, authority),
    openBalancers(state, wires, authority),
    startDns(state),
  ]);
  const listeners = [...peers.listeners, ...balancers];
  const stopping = new AbortController();
  const sync = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.sync()));
  };
  /** The clock never goes back but here, before anything runs. */
  const goTo = (time: number): void => {
    state.clockShift = time - Date.now();
  };
  const customerCalls: CustomerCall[] = [];
  /** Every customer calls twice at once, so that two targets see them; gives the requests' identifiers. */
  const callTwice = async (): Promise<string[]> => {
    const calls = await Promise.all(
      [...state.customers, ...state.customers].map((customer) =>
        callAsCustomer(state, wires, authority.pem, customer),
      ),
    );
    customerCalls.push(...calls);
    // Who gave up is noticed by the other side a moment later.
    if (calls.some(({ outcome }) => typeof outcome === "string")) await sleep(20);
    return calls.map((one) => one.requestId);
  };
  const tapesOf = async (rounds: number, budgetMs: number): Promise<Tape[]> => {
    const tapes: Tape[] = [];
    const until = performance.now() + budgetMs;
    for (let round = 0; round < rounds && performance.now() < until; round += 1) {
      tapes.push(...(await recordTapes(state, callTwice)));
    }
    return tapes;
  };

  const everyMs = (): number =>
    minute / state.customers.reduce((sum, one) => sum + one.perMinute, 0);

  const now = Date.now();
  const changed = faults.some((fault) => fault.report !== undefined);
  const minutesAgo =
    options.minutesAgo ??
    Math.max(...faults.map((fault) => fault.report?.minutesAgo ?? (changed ? 20 : 0)), 0);
  const since = now - minutesAgo * minute;

  const playQuietDays = async (): Promise<void> => {
    goTo(now - 72 * hour + minute);
    await runtime.adopt();
    goTo(now - 72 * hour + 2 * minute);
    await callTwice();
    goTo(since - cacheMs - 1_000);
    const tapes = await tapesOf(2, 400);
    // Three days at the customers' own pace would take long to write; people look back on the last hours.
    const dense = Math.min(since - 3 * hour, now - 6.2 * hour);
    playTraffic(state, tapes, now - 71 * hour, dense, 8 * minute);
    playTraffic(state, tapes, dense, since, everyMs());
    playSamples(state, now - 72 * hour, since - 3 * hour, 10 * minute);
    playSamples(state, since - 3 * hour, since, minute);
    writeQuietDays(state, since);
  };

  /** Lets the runtime do what follows from the last edit, and plays what that is like until `end`. */
  const follow = async (begin: number, end: number): Promise<void> => {
    const until = performance.now() + settleMs;
    // What came before is played faster than it happened: nobody waits for it.
    const { albConnectTimeoutMs } = state.settings;
    state.settings.albConnectTimeoutMs = 600;
    while (!stopping.signal.aborted && !runtime.isSettled() && performance.now() < until)
      await sleep(20);
    const tapes = await tapesOf(2, 500);
    state.settings.albConnectTimeoutMs = albConnectTimeoutMs;
    const settledAt = state.now();
    const failing = state.ecs.services.filter((service) => !runtime.isSteady(service));
    goTo(Date.now() - now + end);
    if (begin < end) {
      playTraffic(state, tapes, begin + everyMs(), end, everyMs());
      playFailingCycles(state, failing, begin, end);
      playSamples(state, settledAt, end, minute);
    }
    sampleMinute(state, state.now());
  };
  const followFaults = async (): Promise<void> => {
    runtime.run();
    const { healedMinutesAgo } = options;
    if (healedMinutesAgo === undefined) {
      await follow(since, now);
      return;
    }
    const healed = now - healedMinutesAgo * minute;
    await follow(since, healed);
    for (const fault of faults) fault.heal(state);
    await sync();
    await sleep(state.settings.healthCheckIntervalMs * 4);
    await follow(healed, now);
  };

  await playQuietDays();
  goTo(since);
  for (const fault of faults) fault.apply(state);
  await sync();
  let customers: ReturnType<typeof startCustomers> | null = null;
  const settleAndLive = async (): Promise<void> => {
    await followFaults();
    if (!stopping.signal.aborted) customers = startCustomers(state, wires, authority.pem);
  };
  const settled = settleAndLive();
  // Whoever asks for settled() hears of a failure; until then it must not end the process.
  settled.catch(() => undefined);

  return {
    state,
    ca: authority.pem,
    resolver: dns.address,
    ports: { redis: peers.redis.port, database: peers.database.port },
    inside: runtime.inside,
    portMap: wires.outside,
    get customerCalls() {
      return [...customerCalls, ...(customers?.calls ?? [])];
    },
    settled: () => settled,
    change: async (edit) => {
      await settled;
      edit(state);
      await sync();
      const until = performance.now() + settleMs;
      await sleep(state.settings.healthCheckIntervalMs * 4);
      while (!runtime.isSettled() && performance.now() < until) await sleep(20);
    },
    stop: async () => {
      stopping.abort();
      wires.close();
      // With the ports closed, whoever still waits for an answer is told so at once.
      await Promise.all([...listeners.map((listener) => listener.close()), dns.close()]);
      await Promise.allSettled([settled]);
      await customers?.stop();
      await runtime.close();
    },
  };
};
