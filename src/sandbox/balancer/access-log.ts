/**
 * The access log of a load balancer: a line for each request that a node answered, in a file of five minutes
 * for each node, delivered when they are over. Field order and file names: "Access logs for your Application
 * Load Balancer" in the vendor's guide.
 */
import type { IncomingMessage } from "node:http";
import { callerPort } from "../net/http-host.ts";
import { bucketNamed } from "../world/s3.ts";
import type { Bucket, StoredObject } from "../world/s3.ts";
import type { Listener, LoadBalancer, Rule, WorldState } from "../world/state.ts";
import { hexId } from "../world/state.ts";

const intervalMs = 5 * 60_000;

/** One request as the log has it, but for its time. */
export interface AccessEntry {
  balancerArn: string;
  /** Public address of the node. */
  node: string;
  protocol: "http" | "https";
  client: string;
  /** "10.0.4.31:8001"; null where no target was chosen. */
  target: string | null;
  targetGroupArn: string | null;
  /** Seconds; -1 where there was none. */
  targetSeconds: number;
  status: number;
  targetStatus: number | null;
  receivedBytes: number;
  sentBytes: number;
  /** "POST https://api.hokus.ai:443/path?query HTTP/1.1". */
  request: string;
  userAgent: string;
  host: string;
  certificateArn: string | null;
  /** 0 for the default rule; null where none was looked for. */
  rule: number | null;
  /** "forward", "waf", "authenticate". */
  actions: string | null;
  redirect: string | null;
}

/** An entry while its request is served; only what is written first counts. */
export interface OpenEntry {
  readonly seen: Pick<
    AccessEntry,
    "target" | "targetGroupArn" | "targetSeconds" | "rule" | "actions" | "redirect"
  >;
  matched(rule: Rule | undefined): void;
  write(status: number, targetStatus?: number): void;
}

export const openEntry = (
  state: WorldState,
  from: { balancer: LoadBalancer; listener: Listener; node: string; source: string },
  { request, body, url }: { request: IncomingMessage; body: string; url: URL },
): OpenEntry => {
  const { balancer, listener } = from;
  const seen: OpenEntry["seen"] = {
    target: null,
    targetGroupArn: null,
    targetSeconds: -1,
    rule: null,
    actions: null,
    redirect: null,
  };
  const protocol = listener.protocol === "HTTPS" ? "https" : "http";
  let written = false;
  return {
    seen,
    matched: (rule) => void (seen.rule = rule === undefined ? -1 : (rule.priority ?? 0)),
    write: (status, targetStatus) => {
      if (written) return;
      written = true;
      const target = `${protocol}://${url.hostname}:${listener.port}${request.url ?? "/"}`;
      writeAccess(state, {
        balancerArn: balancer.arn,
        node: from.node,
        protocol,
        client: `${from.source}:${callerPort(request) ?? 0}`,
        status,
        targetStatus: targetStatus ?? null,
        receivedBytes: Buffer.byteLength(body) + 300,
        sentBytes: status === 460 ? 0 : 420,
        request: `${request.method ?? "-"} ${target} HTTP/${request.httpVersion}`,
        userAgent: request.headers["user-agent"] ?? "-",
        host: protocol === "https" ? url.hostname : "-",
        certificateArn: listener.certificateArn ?? null,
        ...seen,
      });
    },
  };
};

/** Puts a line into the file of its five minutes; a log that is off, or has lost its bucket, keeps nothing. */
export const writeAccess = (
  state: WorldState,
  entry: AccessEntry,
  at: number = state.now(),
): void => {
  state.recorder?.({ kind: "access", entry, at });
  const balancer = state.elb.loadBalancers.find((one) => one.arn === entry.balancerArn);
  if (balancer?.attributes["access_logs.s3.enabled"] !== "true") return;
  const bucket = bucketNamed(state, balancer.attributes["access_logs.s3.bucket"] ?? "");
  if (bucket === undefined) return;
  const end = (Math.floor(at / intervalMs) + 1) * intervalMs;
  const start = keyStart(balancer, entry.node, end);
  const files = filesOf.get(bucket) ?? new Map<string, StoredObject>();
  filesOf.set(bucket, files);
  let file = files.get(start);
  if (file === undefined) {
    file = { key: `${start}${hexId(8)}.log.gz`, availableAt: end, lines: [] };
    files.set(start, file);
    bucket.objects.push(file);
  }
  file.lines.push(() => toLine(entry, at));
};

const filesOf = new WeakMap<Bucket, Map<string, StoredObject>>();

/** "<prefix>/AWSLogs/<account>/elasticloadbalancing/<region>/yyyy/mm/dd/<file>_<end>_<node>_". */
const keyStart = (balancer: LoadBalancer, node: string, end: number): string => {
  const [, , , region = "", account = "", resource = ""] = balancer.arn.split(":");
  const prefix = balancer.attributes["access_logs.s3.prefix"] ?? "";
  const iso = new Date(end).toISOString();
  const day = iso.slice(0, 10).replaceAll("-", "/");
  const minute = `${iso.slice(0, 16).replaceAll(/[-:]/gu, "")}Z`;
  const id = resource.replace("loadbalancer/", "").replaceAll("/", ".");
  return (
    `${prefix === "" ? "" : `${prefix}/`}AWSLogs/${account}/elasticloadbalancing/${region}/${day}/` +
    `${account}_elasticloadbalancing_${region}_${id}_${minute}_${node}_`
  );
};

const quoted = (text: string | number | null): string =>
  `"${String(text ?? "-").replaceAll('"', "%22")}"`;

const toLine = (entry: AccessEntry, at: number): string => {
  const answered = entry.targetStatus !== null;
  const time = new Date(at).toISOString().replace("Z", "000Z");
  const resource = entry.balancerArn.split(":loadbalancer/").at(-1) ?? "";
  return [
    entry.protocol,
    time,
    resource,
    entry.client,
    entry.target ?? "-",
    entry.target === null ? "-1" : "0.001",
    answered ? entry.targetSeconds.toFixed(3) : "-1",
    answered ? "0.000" : "-1",
    entry.status,
    entry.targetStatus ?? "-",
    entry.receivedBytes,
    entry.sentBytes,
    quoted(entry.request),
    quoted(entry.userAgent),
    entry.protocol === "https" ? "TLS_AES_128_GCM_SHA256 TLSv1.3" : "- -",
    entry.targetGroupArn ?? "-",
    quoted(`Root=1-${Math.floor(at / 1000).toString(16)}-${hexId(24)}`),
    quoted(entry.host),
    quoted(entry.certificateArn),
    entry.rule ?? "-",
    time,
    quoted(entry.actions),
    quoted(entry.redirect),
    quoted(null),
    quoted(entry.target),
    quoted(entry.targetStatus),
    quoted(null),
    quoted(null),
    `TID_${hexId(32)}`,
    quoted(null),
    quoted(null),
    quoted(null),
  ].join(" ");
};
