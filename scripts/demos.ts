/**
 * npm run demos [-- <fault>...]: one whole run for every labelled fault, from the signed slash command
 * to thread and ticket, held against eval/labels.yaml. Prints a table; exits 1 where a run is wrong.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Label {
  readonly verdict: string;
  readonly causes: readonly string[];
}
interface Seen {
  readonly investigation: {
    readonly verdict: string;
    readonly leading: readonly string[];
    readonly headline: string;
    readonly fastAfterMs: number;
    readonly endedAfterMs: number;
    readonly hypotheses: readonly { readonly id: string; readonly probability: number }[];
  };
  readonly slack: { readonly messages: readonly { readonly rendered: string }[] };
  readonly linear: {
    readonly issues: readonly { readonly comments: readonly { readonly body: string }[] }[];
  };
}

const labels = parse(
  readFileSync(new URL("../eval/labels.yaml", import.meta.url), "utf8"),
) as Readonly<Record<string, Label>>;
const bin = new URL("../bin/hokusai.mjs", import.meta.url).pathname;

const runDemo = (fault: string): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const args = [bin, "demo", "--once", "--json", "--fault", fault];
    execFile(process.execPath, args, { maxBuffer: 1e8, timeout: 120_000 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as Seen);
      else reject(new Error(`demo --fault ${fault} failed`, { cause: error }));
    });
  });

/** What is wrong with a run, as sentences; empty where it says what is true, everywhere. */
function mistakes({ investigation, slack, linear }: Seen, label: Label): readonly string[] {
  const wrong: string[] = [];
  const first = investigation.hypotheses[0]?.id ?? "none";
  if (investigation.verdict !== label.verdict) {
    wrong.push(`says ${investigation.verdict} instead of ${label.verdict}`);
  }
  if (label.causes.length === 0 && investigation.leading.length > 0) {
    wrong.push(`accuses ${investigation.leading.join(", ")}`);
  }
  if (label.causes.length > 0 && !label.causes.includes(first)) wrong.push(`puts ${first} first`);
  const root = slack.messages[0]?.rendered ?? "";
  if (!root.includes(investigation.headline)) wrong.push("the Slack thread says something else");
  const comments = linear.issues.flatMap((issue) => issue.comments.map(({ body }) => body));
  const named = label.causes.some((cause) => comments.some((body) => body.includes(cause)));
  if (label.verdict === "fault" && !named) wrong.push("the ticket does not name the cause");
  if (label.verdict === "healthy" && comments.length > 0) wrong.push("a ticket was opened");
  return wrong;
}

const wanted = process.argv.slice(2);
const chosen = Object.entries(labels).filter(
  ([fault]) => wanted.length === 0 || wanted.includes(fault),
);
let failed = 0;
for (const [fault, label] of chosen) {
  const seen = await runDemo(fault);
  const wrong = mistakes(seen, label);
  if (wrong.length > 0) failed += 1;
  const { verdict, hypotheses, fastAfterMs, endedAfterMs } = seen.investigation;
  const leader = `${hypotheses[0]?.id ?? "none"} ${(hypotheses[0]?.probability ?? 0).toFixed(2)}`;
  const times = `${(fastAfterMs / 1000).toFixed(1)} s, ${(endedAfterMs / 1000).toFixed(1)} s`;
  process.stdout.write(
    `${wrong.length === 0 ? "ok  " : "FAIL"} ${fault.padEnd(30)} ${verdict.padEnd(13)} ${leader.padEnd(36)} ${times}${wrong.map((line) => `\n       ${line}`).join("")}\n`,
  );
}
process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
