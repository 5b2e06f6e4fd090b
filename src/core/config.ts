/**
 * The one validated, frozen configuration: environment variables, hokusai.yaml and plans.
 * docs/configuration.md explains every key; src/config turns YAML into these shapes.
 */
import type { Plan } from "./plan.ts";

/** A secret that stays in the environment: written `{env: NAME}`. Its value is in `Secrets`, nowhere else. */
export interface SecretName {
  readonly env: string;
  /** Whether the variable was set when the configuration was read. */
  readonly configured: boolean;
}

/** Gives the value of a configured secret. Only clients get to see it. */
export type Secrets = (name: SecretName) => string | undefined;

export interface Environment {
  readonly id: string;
  /** Twelve digits; null where unknown. */
  readonly account: string | null;
  readonly region: string;
  /** ARN of a role to assume for reading; null for the SDK's own chain. */
  readonly role: string | null;
}

/** A variable that the service needs, or a set of alternatives of which one has to be complete. */
export type RequiredVariable = string | { readonly anyOf: readonly (readonly string[])[] };

export interface Dependencies {
  readonly auth: HttpDependency | null;
  readonly redis: {
    readonly url: SecretName | string | null;
    /** As written, else that of the URL; null where neither tells. */
    readonly host: string | null;
    readonly port: number;
  } | null;
  readonly hub: {
    readonly url: string;
    readonly token: SecretName | null;
    /** "owner/name" of the model's private repository. */
    readonly repository: string | null;
  } | null;
  readonly database: {
    readonly url: SecretName | string | null;
    /** As written, else that of the URL; null where neither tells. */
    readonly host: string | null;
    readonly port: number;
    /** The table that maps model ids to deployments. */
    readonly table: string;
  } | null;
  readonly registry: {
    readonly url: string;
    readonly token: SecretName | null;
    readonly model: string | null;
    readonly ecs?: EcsPlace | null;
  } | null;
}

export interface HttpDependency {
  readonly url: string;
  /** Path of its health endpoint. */
  readonly health: string;
  readonly ecs?: EcsPlace | null;
}

/** The ECS service behind a dependency, in the account and region of what depends on it. Null: none of ours. */
export interface EcsPlace {
  readonly cluster: string;
  readonly service: string;
}

export interface Service {
  readonly id: string;
  readonly environment: Environment;
  readonly ecs: {
    readonly cluster: string;
    readonly service: string;
    readonly container: string | null;
    readonly port: number;
    readonly requiredVariables: readonly RequiredVariable[];
  };
  readonly logs: { readonly group: string };
  /** Names, as in the console; the first is the one the public URL should use. */
  readonly loadBalancers: readonly string[];
  readonly discovery: { readonly host: string; readonly port: number } | null;
  readonly api: {
    /** Base URL as customers write it, without a trailing slash: "https://api.hokus.ai/api". */
    readonly url: string;
    /** Absolute URLs. */
    readonly health: string;
    readonly openapi: string;
    /** Paths below the base URL, with {id} for the model. */
    readonly paths: { readonly predict: string; readonly info: string; readonly health: string };
    /** How customers send their key. */
    readonly key: { readonly header: string; readonly scheme: string; readonly prefix: string };
    readonly probeKey: SecretName;
  };
  readonly dependencies: Dependencies;
  /** Hosts of ours that are not the API: a customer who calls one of them calls the wrong host. */
  readonly website: { readonly url: string } | null;
  /** Source repository of the service, "owner/name"; null where not named. */
  readonly repository: string | null;
  /** Looking from inside the running container (ECS Exec); null or absent: switched off. */
  readonly exec?: ServiceExec | null;
}

/** An opt-in for each service; fixed probes only, and each look is approved by a person. */
export interface ServiceExec {
  readonly enabled: boolean;
  /** Container in which the probes run; null: the one that serves the API. */
  readonly container: string | null;
  /** ARN of a role of its own for ecs:ExecuteCommand; null: the role that reads. */
  readonly role: string | null;
  /** Slack user ids of those who may approve a look; empty: nobody in Slack. */
  readonly approvers: readonly string[];
}

export interface PredictionContract {
  /** The request body of a valid prediction. No customer data. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Where the answer holds its predictions, "predictions" by default. */
  readonly predictionsField: string;
  /** Name of the number to check inside; null where only the presence is promised. */
  readonly scoreField: string | null;
  readonly range: readonly [number, number] | null;
  /** Seconds after which the customer's client gives up. */
  readonly timeoutSeconds: number;
  /** Seconds within which a healthy answer comes (success metric). */
  readonly withinSeconds: number;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** In customers' words: "Lead scoring". */
  readonly product: string;
  readonly service: Service;
  readonly prediction: PredictionContract;
  /** Published pages that tell customers how to call it. */
  readonly documents: readonly string[];
  /** URLs that a customer is known to call; each is compared with the canonical one. */
  readonly customerUrls: readonly string[];
}

export interface Network {
  /** "internet": the bot sees what customers see. "vpc": it runs beside the service. */
  readonly vantage: "internet" | "vpc";
  /** "address:port" of a resolver to use instead of the system's; null for the system's. */
  readonly resolver: string | null;
  /** Path of a PEM file with additional authorities; null for none. */
  readonly ca: string | null;
  /** "host-or-address:port" -> "address:port" that is really connected to. */
  readonly portMap: Readonly<Record<string, string>>;
  /** CIDR ranges of private addresses that probes may connect to. */
  readonly allowPrivate: readonly string[];
}

export interface Limits {
  /** Seconds. */
  readonly fastVerdictSeconds: number;
  readonly deepVerdictSeconds: number;
  /** Keyed predictions a run may send, and a minute over all runs. */
  readonly predictionsPerRun: number;
  readonly predictionsPerMinute: number;
  /** Over all runs and restarts, of one day in UTC. */
  readonly predictionsPerDay: number;
}

export interface Settings {
  readonly slack: {
    readonly botToken: string;
    readonly signingSecret: string | null;
    readonly appToken: string | null;
    readonly apiUrl: string | null;
  } | null;
  readonly linear: {
    readonly apiKey: string | null;
    readonly accessToken: string | null;
    readonly apiUrl: string | null;
    readonly webhookSecret: string | null;
    /** Key of the team in which tickets are opened ("HOK"); null: the first team. */
    readonly team: string | null;
  } | null;
  readonly aws: {
    readonly region: string | null;
    readonly endpointUrl: string | null;
    /** Another one for S3 alone. */
    readonly s3EndpointUrl: string | null;
  };
  readonly databaseUrl: string | null;
  /** Where the embedded ledger lives when there is no database; relative to where the bot is started. */
  readonly dataDirectory: string;
  readonly port: number;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
  /** Names of our variables that were set, without their values: what a missing setting is told from. */
  readonly given: readonly string[];
}

export interface Config {
  readonly models: readonly Model[];
  readonly services: readonly Service[];
  readonly plans: readonly Plan[];
  /** Absolute paths: the catalogue files in the order in which they were laid over one another, and the plans. */
  readonly sources: { readonly files: readonly string[]; readonly plans: string };
  readonly network: Network;
  readonly limits: Limits;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** The values of every secret that was read: what redaction masks exactly. */
  readonly secretValues: readonly string[];
}
