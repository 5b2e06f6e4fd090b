/** What is not AWS: processes, images' contents, names, certificates, the published page, a customer. */

/** A process as its host sees it. `hanging` accepts and never answers, `stopped` refuses,
 * `dropping` does not even complete a connection, `erring` answers with its own 5xx. */
export type ProcessMode = "running" | "stopped" | "hanging" | "dropping" | "erring";

export interface Process {
  mode: ProcessMode;
  /** Milliseconds added before each answer. */
  delayMs: number;
}

export interface Auth extends Process {
  keys: { key: string; owner: string; scopes: string[]; expiresAt: number | null }[];
}

export interface Redis extends Process {
  password: string;
  maxMemoryBytes: number;
  /** When true, writes answer OOM, as with maxmemory and noeviction. */
  full: boolean;
}

export interface Hub extends Process {
  tokens: { token: string; user: string; repositories: string[] }[];
  repositories: { name: string; private: boolean; sha: string; files: string[] }[];
}

export interface DeployedModel {
  id: string;
  modelId: string;
  status: string;
  createdAt: number;
}

export interface Database extends Process {
  user: string;
  password: string;
  name: string;
  deployedModels: DeployedModel[];
}

export interface Registry extends Process {
  token: string;
  models: {
    name: string;
    description: string;
    createdAt: number;
    versions: {
      version: string;
      stage: string;
      status: string;
      runId: string;
      createdAt: number;
    }[];
  }[];
}

export interface PublishedPage {
  modelId: string;
  name: string;
  baseUrl: string;
  path: string;
  method: string;
  header: string;
  fields: Record<string, unknown>;
}

export interface Website extends Process {
  pages: PublishedPage[];
}

/** What is in an image: the model API, the MLflow registry, or a worker that only logs. */
export type Program = ApiProgram | { kind: "registry"; port: number } | { kind: "worker" };

/** Which routers an image's main.py includes, in which order, and how its code behaves. */
export interface ApiProgram {
  kind: "api";
  commit: string;
  port: number;
  /** Address it binds to; "127.0.0.1" cannot be reached from the load balancer. */
  bind: "0.0.0.0" | "127.0.0.1";
  routers: {
    name: string;
    parameter: "uuid" | "str";
    methods: { predict: ("GET" | "POST")[]; info: boolean; health: boolean };
  }[];
  /** Seconds of importing before the port is open. */
  startSeconds: number;
  /** Python statement-like failure while starting; null when it starts. */
  crash: { file: string; line: number; code: string; error: string } | null;
  /** Seconds the auth call may take; null when the code sets no time-out. */
  authTimeoutSeconds: number | null;
  /** True when the auth call blocks the event loop, so /health waits as well. */
  blockingAuth: boolean;
  /** True when endpoints check the key once more, against a list of their own. */
  endpointAuth: boolean;
  /** Seconds the first request of a model takes. */
  coldLoadSeconds: number;
  /** Seconds without a request after which a loaded model is dropped to save memory; absent: never. */
  keepLoadedSeconds?: number;
  /** Requests a minute and key before 429; null without limit. */
  rateLimit: number | null;
  /** What it grows to after its start; above the container's limit the kernel kills it. */
  memoryMib?: number;
  /** It does not obey SIGTERM, so that ECS kills it when it stops the task. */
  ignoresSigterm?: boolean;
  /** Milliseconds that /health takes. */
  healthDelayMs?: number;
  /** Seconds that each prediction takes on top. */
  workSeconds?: number;
  /** What a task uses of its cpu and memory, in percent. */
  usage?: { cpu: number; memory: number };
}

export type DnsRecord =
  | { name: string; type: "A"; address: string; ttl: number }
  | { name: string; type: "AAAA"; address: string; ttl: number }
  | { name: string; type: "CNAME"; target: string; ttl: number };

export interface Dns {
  records: DnsRecord[];
  /** Names answered with SERVFAIL. */
  failing: string[];
}

export interface Certificate {
  arn: string;
  names: string[];
  notBefore: number;
  notAfter: number;
  trusted: boolean;
}

/** A third party that calls the API; its settings are its own and may be wrong. */
export interface Customer {
  name: string;
  apiUrl: string;
  apiKey: string;
  modelId: string;
  timeoutMs: number;
  /** Requests a minute. */
  perMinute: number;
  addressAs: string;
}

/** A web application firewall in front of the load balancers; it answers 403 with its own page. */
export interface Firewall {
  blocks: { host: string; methods: string[] }[];
}
