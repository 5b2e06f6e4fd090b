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
  /** Every key is called valid, for every model. */
  acceptsAll?: boolean;
  keys: { key: string; owner: string; scopes: string[]; expiresAt: number | null }[];
}

export interface Redis extends Process {
  password: string;
  maxMemoryBytes: number;
  /** When true, writes answer OOM, as with maxmemory and noeviction. */
  full: boolean;
  /** Encryption in transit: the port speaks TLS and nothing else. */
  encrypted?: boolean;
  /** Something else listens in its place. */
  replaced?: boolean;
  /** Every client beyond maxclients is sent away. */
  clientsFull?: boolean;
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
  /** It was started without its certificate, and no longer encrypts. */
  tlsOff?: boolean;
  /** max_connections are open. */
  slotsTaken?: boolean;
  /** What every read of the table ends with. */
  failure?: { code: string; message: string };
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

/** What is in an image: the model API, the auth service, the MLflow registry, or a worker that only logs. */
export type Program =
  | ApiProgram
  | AuthProgram
  | { kind: "registry"; port: number }
  | { kind: "worker" };

/** What runs in the tasks behind auth.hokus.ai; its keys are in the world's `auth`. */
export interface AuthProgram {
  kind: "auth";
  /** What it answers 500 with, whatever it is asked; null when it works. */
  trouble: string | null;
  /** Python statement-like failure while starting; null when it starts. */
  crash: string | null;
}

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
  /** Where its process hangs for good: before its port is open, or with every request. */
  stuck?: "starting" | "answering";
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
  /** Seconds that a model's description and its health take. */
  describeSeconds?: number;
  /** Seconds that each prediction takes on top. */
  workSeconds?: number;
  /** What a task uses of its cpu and memory, in percent. */
  usage?: { cpu: number; memory: number };
  /** What callers are told who show no key, or one that nobody issued; absent: 401 and why. */
  refusals?: { status: number; detail: string };
  /** Who checks keys: nobody, or each endpoint for itself, after routing; absent: the middleware. */
  auth?: "off" | "endpoints";
  /** An input that the model takes under another name than before. */
  renamedInput?: { from: string; to: string };
  /** A mistake in the code of the prediction: what becomes of a request that is otherwise in order. */
  defect?: Defect;
}

export interface Defect {
  /** Share of requests that it hits, 0 to 1. */
  share: number;
  /** Line that is written for each; null where nothing is. */
  log: string | null;
  answer:
    | { status: number; body: string; contentType: string; headers?: Record<string, string> }
    /** The connection is closed without an answer, or in the middle of one; or nothing ever comes. */
    | "reset"
    | "truncated"
    | "never";
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
  /** Where their client differs from the published example. */
  request?: { method?: "GET"; headers?: Record<string, string>; inputs?: Record<string, unknown> };
  /** Requests a minute. */
  perMinute: number;
  addressAs: string;
}

/** A web application firewall in front of the load balancers; it answers 403, or another status, with its own page. */
export interface Firewall {
  blocks: { host: string; methods: string[]; status?: number; page?: "challenge" | "captcha" }[];
}
