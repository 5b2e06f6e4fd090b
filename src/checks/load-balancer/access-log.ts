import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { utcSpan, utcTime } from "#core/clock.ts";
import type { Evidence } from "#core/finding.ts";
import { accessLog as accessLogFact, type AccessLog } from "#facts/access-log.ts";
import type { AccessRow } from "#facts/access-log/tally.ts";
import { loadBalancerConsole } from "../console.ts";

/** Below these a few failed requests are everyday life; as in load-balancer/errors. */
const fewest = 3;
const errorShare = 0.02;
const refusedShare = 0.3;
const slowShare = 0.05;
const mostLines = 6;

/** What metrics cannot tell: which requests, of which path, at which target. */
export const accessLog = defineCheck({
  id: "load-balancer/access-log",
  question: "By its access log, who answered the requests that failed?",
  needs: { log: accessLogFact },
  outcomes: {
    clean: ok(
      "Neither the load balancer nor the API failed or refused a notable share of requests.",
    ),
    "balancer-errors": failing(
      "The load balancer itself answered 5xx: 502 a target refused or reset, 503 there was none, 504 one did not answer.",
      "Where a target is named, look at that task and the way to it (network/inbound, load-balancer/targets); 503: ecs/service-running.",
    ),
    "callers-gave-up": failing(
      "Callers closed the connection before the API had answered (460): it is slower than they wait, or hangs.",
      "See what the API waits for (logs/auth, dependencies/*, metrics/saturation); compare with the caller's time-out.",
    ),
    "target-errors": failing(
      "The API answered 5xx: requests reach it and fail there.",
      "Read the log of the task that answered (logs/model-errors); where one task made all of them, compare it with the others.",
    ),
    refused: degraded(
      "A large share of requests was refused with 4xx, or sent elsewhere by the load balancer.",
      "By the API: 401 and 403 keys, 404 and 405 path or method (routes/predict), 422 body, 429 limits. By the load balancer: load-balancer/routing.",
    ),
    slow: degraded(
      "Predictions were answered, and a notable share later than promised.",
      "See metrics/saturation, prediction/latency and the hub; one target alone: compare that task.",
    ),
  },
  noise: "log",
  consoleLink: loadBalancerConsole,
  judge({ log }, { target, now }) {
    const span = utcSpan(Date.parse(log.from), Date.parse(log.to), now);
    const routed = log.rows.filter(({ kind }) => kind !== "other");
    const all = total(routed);
    const lines = log.unreadable + log.own + log.elsewhere + total(log.rows) + log.more;
    if (log.files === 0)
      return cannotTell(
        `there is no access log file of the last 15 minutes${offWords(log)}`,
        "load balancers publish every 5 minutes, and nothing where no request came: check again, or send one",
      );
    if (log.unreadable * 2 > lines)
      return cannotTell(
        `${log.unreadable} of ${lines} lines of the access log are no entries`,
        "look at a file in the bucket: it is not in the format of an Application Load Balancer",
      );
    if (all === 0)
      return cannotTell(
        `no request for this service in the access log ${span}${offWords(log)}`,
        "send one, wait until the next file (every 5 minutes), and check again",
      );
    const ours = routed.filter(({ kind }) => kind === "prediction");
    const slow = { ...log.predictions, limit: target.prediction.withinSeconds };
    const outcome = worse(outcomeOf(ours, slow), outcomeOf(routed, null));
    const kinds = failures(routed);
    const noun = total(ours) === all ? `predictions of model ${target.id}` : "requests";
    const said = [
      `of ${all} ${noun} ${span}: ${kinds.length === 0 ? "none failed" : kinds.slice(0, 2).map(refusalWords).join("; ")}`,
      ...(kinds.length > 2 ? [`and ${kinds.length - 2} more kinds of failure`] : []),
      ...(outcome === "slow" ? [slowWords(slow)] : []),
      ...(kinds.length === 0 || ours.length === 0 || total(ours) === all
        ? []
        : [`of ${total(ours)} predictions of model ${target.id}: ${total(ours.filter(isFailed))}`]),
      ...(log.complete ? [] : ["of the newest lines only"]),
    ];
    return found(outcome, said.join("; "), [
      ...kinds.slice(0, mostLines).map(({ rows }): Evidence => ({
        label: pathWords(rows),
        seen: groupWords({ rows }, ""),
        wanted: "an answer",
      })),
      ...byTarget(routed),
      ...(slow.timed === 0
        ? []
        : [{ label: `predictions of model ${target.id}`, seen: slowWords(slow) }]),
      ...asideOf(log, now),
    ]);
  },
});

type Layer = "balancer-errors" | "callers-gave-up" | "target-errors" | "refused";
type Outcome = Layer | "clean" | "slow";

/** Which layer failed this request; null where it was answered. */
function layerOf({ status, targetStatus }: AccessRow): Layer | null {
  if (status === 460) return "callers-gave-up";
  if (targetStatus !== null && targetStatus >= 500) return "target-errors";
  if (status >= 500) return targetStatus === null ? "balancer-errors" : "target-errors";
  // A redirect of the API's own is followed; one of a rule leads a prediction away.
  return status >= 400 || (status >= 300 && targetStatus === null) ? "refused" : null;
}

const isFailed = (row: AccessRow): boolean => layerOf(row) !== null;
const total = (rows: readonly AccessRow[]): number => rows.reduce((sum, row) => sum + row.count, 0);

interface Slow {
  readonly timed: number;
  readonly slow: number;
  readonly p95: number | null;
  readonly limit: number;
}

function outcomeOf(rows: readonly AccessRow[], slow: Slow | null): Outcome {
  const all = total(rows);
  const of = (layer: Layer): number => total(rows.filter((row) => layerOf(row) === layer));
  const many = (count: number, share: number, among = all): boolean =>
    count >= fewest && count >= among * share;
  const [worst] = (["balancer-errors", "callers-gave-up", "target-errors"] as const)
    .map((layer) => ({ layer, count: of(layer) }))
    .toSorted((a, b) => b.count - a.count);
  if (worst !== undefined && many(worst.count, errorShare)) return worst.layer;
  if (many(of("refused"), refusedShare)) return "refused";
  return slow !== null && many(slow.slow, slowShare, slow.timed) ? "slow" : "clean";
}

const rank: Readonly<Record<Outcome, number>> = {
  clean: 0,
  slow: 1,
  refused: 2,
  "target-errors": 3,
  "callers-gave-up": 3,
  "balancer-errors": 3,
};
/** The model's own, where both are as bad. */
const worse = (ofModel: Outcome, ofService: Outcome): Outcome =>
  rank[ofService] > rank[ofModel] ? ofService : ofModel;

interface Group {
  readonly rows: readonly AccessRow[];
}

/** Failures by layer and status, most frequent first; refusals by method and path as well. */
function failures(rows: readonly AccessRow[]): readonly Group[] {
  const groups = Map.groupBy(rows.filter(isFailed), (row) => {
    const layer = layerOf(row);
    const asked = layer === "refused" ? `${row.method} ${row.path}` : "";
    return [layer, row.status, row.targetStatus === null, asked].join(" ");
  });
  return [...groups.values()]
    .map((same) => ({ rows: same }))
    .toSorted((a, b) => total(b.rows) - total(a.rows));
}

const some = (words: readonly string[]): string => {
  const different = [...new Set(words)].toSorted();
  const rest = different.length > 3 ? ` and ${different.length - 3} more` : "";
  return different.slice(0, 3).join(", ") + rest;
};

const pathWords = (rows: readonly AccessRow[]): string =>
  some(rows.map(({ method, path }) => `${method} ${path}`));

/** Who refuses depends on what is asked, so that says it. */
const refusalWords = ({ rows }: Group): string =>
  groupWords({ rows }, rows.some((row) => layerOf(row) === "refused") ? pathWords(rows) : "");

/** "31 answered 504 by the load balancer (no answer from 10.0.4.31:8001)". */
function groupWords({ rows }: Group, to: string): string {
  const [first] = rows;
  if (first === undefined) return "";
  const count = total(rows);
  const targets = some(rows.flatMap(({ target }) => target ?? []));
  const reasons = some(rows.flatMap(({ reason }) => reason ?? []));
  const why = reasons === "" ? "" : `, ${reasons}`;
  if (first.status === 460)
    return `${count} given up by the caller (460${targets === "" ? "" : `; no answer yet from ${targets}`})`;
  const answered = `${count}${to === "" ? "" : ` to ${to}`} answered ${first.status}`;
  if (first.targetStatus !== null) return `${answered} by the API (${targets})`;
  return `${answered} by the load balancer (${balancerWords(first, targets)}${why})`;
}

function balancerWords({ status, actions }: AccessRow, targets: string): string {
  if (status === 503 && targets === "") return "no target to send it to";
  if (status === 504 && targets !== "") return `no answer from ${targets}`;
  if (status === 502 && targets !== "") return `refused or reset by ${targets}`;
  return actions ?? "no rule was carried out";
}

/** Whether one task of several makes the errors. */
function byTarget(rows: readonly AccessRow[]): readonly Evidence[] {
  const served = rows.filter((row) => row.target !== null);
  const groups = [...Map.groupBy(served, (row) => row.target ?? "")];
  const failed = (same: readonly AccessRow[]): number =>
    total(same.filter((row) => layerOf(row) !== null && layerOf(row) !== "refused"));
  if (groups.length < 2 || failed(served) === 0) return [];
  return groups
    .toSorted(([, a], [, b]) => failed(b) - failed(a))
    .slice(0, mostLines)
    .map(([name, same]) => ({
      label: `target ${name}`,
      seen: `${failed(same)} of ${total(same)} requests failed`,
    }));
}

const slowWords = ({ timed, slow, p95, limit }: Slow): string =>
  `${slow} of ${timed} took longer than ${limit} s${p95 === null ? "" : ` (p95 ${p95.toFixed(2)} s)`}`;

const offWords = ({ off }: AccessLog): string =>
  off.length === 0 ? "" : ` (${off.join(" and ")} keeps none)`;

/** What was not looked at, and what belongs to nobody's failure. */
function asideOf(log: AccessLog, now: number): readonly Evidence[] {
  const other = log.rows.filter(({ kind }) => kind === "other");
  const rows: readonly (readonly [label: string, count: number, seen: string])[] = [
    [
      "paths that the API does not serve",
      total(other),
      `${total(other)} requests: ${some(other.map((row) => `${row.method} ${row.path} (${row.status})`))}`,
    ],
    ["lines that are no entry", log.unreadable, `${log.unreadable}`],
    ["load balancers without a log", log.off.length, log.off.join(", ")],
  ];
  return [
    ...rows.flatMap(([label, count, seen]) => (count === 0 ? [] : [{ label, seen }])),
    {
      label: "read",
      seen: `${log.files} files, to ${utcTime(Date.parse(log.to), now)}: later requests are not published yet${log.complete ? "" : "; there was more to read"}`,
    },
  ];
}
