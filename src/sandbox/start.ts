/** The offline world with everything that speaks a protocol, and the settings that lead a bot into it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Fault, Report } from "./faults/fault.ts";
import { predictUrl } from "./faults/fault.ts";
import { faultNamed, faults as allFaults } from "./faults/index.ts";
import type { LinearWorld } from "./linear/server.ts";
import type { SlackWorld } from "./slack/server.ts";
import type { AwsServer } from "./aws/server.ts";
import type { CustomerCall } from "./world/customer.ts";
import { keys } from "./world/initial/outside.ts";
import { secretValues } from "./world/initial/services.ts";
import { startLivingWorld, type LivingOptions } from "./world/living.ts";
import type { WorldState } from "./world/state.ts";

export type { Report } from "./faults/fault.ts";

/** The `network` section of a catalogue file. */
export interface NetworkOverlay {
  resolver: string;
  ca: string;
  portMap: Record<string, string>;
  allowPrivate: string[];
}

export interface Sandbox {
  /** Everything a bot reads from its environment. */
  readonly env: Record<string, string>;
  readonly network: NetworkOverlay;
  readonly state: WorldState;
  readonly aws: AwsServer;
  readonly slack: SlackWorld;
  readonly linear: LinearWorld;
  /** What the customer says; null when nobody complains. */
  readonly report: Report | null;
  readonly customerCalls: readonly CustomerCall[];
  /** Injects a fault now. Rejects with the ids there are when there is none of that name. */
  inject(id: string): Promise<void>;
  heal(id: string): Promise<void>;
  listFaults(): { id: string; title: string; system: string }[];
  /** Resolves within about three seconds, when the runtime has done what the faults imply. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Ids of listed faults, or faults of one's own. */
  faults: (string | Fault)[];
  living?: LivingOptions;
  /** The shipped catalogue, under the overlay; the repository's own by default. */
  hokusaiYaml?: string;
  /** Switches on ECS Exec in the catalogue, with the person on call as the one who may approve. */
  exec?: boolean;
}

const shipped = join(import.meta.dirname, "..", "..", "hokusai.yaml");

/** Of several complaints the one that shows a request, then one of another request than ours, else the first. */
const mostTelling = (reports: readonly Report[]): Report | null =>
  reports.find(({ curl, keyPrefix }) => curl !== undefined || keyPrefix !== undefined) ??
  reports.find(
    ({ url, method }) => (url ?? predictUrl) !== predictUrl || (method ?? "POST") !== "POST",
  ) ??
  reports[0] ??
  null;

export const startWorld = async ({
  faults,
  living,
  hokusaiYaml = shipped,
  exec = false,
}: WorldOptions): Promise<Sandbox> => {
  const chosen = faults.map((fault) => (typeof fault === "string" ? faultNamed(fault) : fault));
  const opened: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((close) => close()));
  };
  const open = async <T>(start: Promise<T>, close: (server: T) => Promise<unknown>): Promise<T> => {
    const server = await start;
    opened.push(() => close(server));
    return server;
  };
  const starting = [
    open(startLivingWorld(chosen, living), (server) => server.stop()),
    open(
      import("./slack/server.ts").then(({ startSlack }) => startSlack()),
      (server) => server.stop(),
    ),
    open(
      import("./linear/server.ts").then(({ startLinear }) => startLinear()),
      (server) => server.stop(),
    ),
    open(mkdtemp(join(tmpdir(), "hokusai-world-")), (path) =>
      rm(path, { recursive: true, force: true }),
    ),
  ] as const;
  try {
    const [world, slack, linear, folder] = await Promise.all(starting);
    const { startAwsServer } = await import("./aws/server.ts");
    const aws = await open(startAwsServer(world.state, { inside: world.inside }), (server) =>
      server.close(),
    );
    const caFile = join(folder, "ca.pem");
    const overlay = join(folder, "network.yaml");
    const network: NetworkOverlay = {
      resolver: world.resolver,
      ca: caFile,
      portMap: world.portMap(),
      allowPrivate: ["127.0.0.0/8"],
    };
    await writeFile(caFile, world.ca);
    // JSON is YAML.
    const services = {
      "hokusai-api": { exec: { enabled: true, approvers: [slack.users.oncall.id] } },
    };
    const settings = exec ? { network, services } : { network };
    await writeFile(overlay, `${JSON.stringify(settings, null, 2)}\n`);
    return {
      env: {
        AWS_ENDPOINT_URL: aws.url,
        AWS_REGION: world.state.region,
        AWS_ACCESS_KEY_ID: "AKIASANDBOXSANDBOX00",
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_EC2_METADATA_DISABLED: "true",
        SLACK_API_URL: slack.url,
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        LINEAR_API_URL: linear.url,
        LINEAR_API_KEY: linear.apiKey,
        LINEAR_WEBHOOK_SECRET: linear.webhookSecret,
        HOKUSAI_DATA_DIR: folder,
        HOKUSAI_CONFIG: [hokusaiYaml, overlay].join(delimiter),
        HOKUSAI_PROBE_API_KEY: keys.probe,
        HOKUSAI_REDIS_URL: `redis://:${secretValues.redis}@127.0.0.1:${world.ports.redis}/0`,
        HOKUSAI_MODELS_DATABASE_URL: `postgresql://hokusai:${secretValues.database}@127.0.0.1:${world.ports.database}/hokusai?sslmode=require`,
        HUGGINGFACE_API_KEY: secretValues.huggingface,
        MLFLOW_TRACKING_TOKEN: secretValues.registry,
      },
      network,
      state: world.state,
      aws,
      slack,
      linear,
      report: mostTelling(chosen.flatMap(({ report }) => report ?? [])),
      get customerCalls() {
        return world.customerCalls;
      },
      inject: async (id) => {
        const fault = faultNamed(id);
        await world.change((state) => fault.apply(state));
      },
      heal: async (id) => {
        const fault = faultNamed(id);
        await world.change((state) => fault.heal(state));
      },
      listFaults: () => allFaults.map(({ id, title, system }) => ({ id, title, system })),
      settled: () => world.settled(),
      stop,
    };
  } catch (error) {
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
};
