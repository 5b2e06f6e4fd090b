/**
 * npm run demos [-- <fault>...]: one whole run for every fault there is, from the signed slash command
 * to thread and ticket, held against eval/labels.yaml. Prints a table; exits 1 where a run is wrong.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Label {
  readonly verdict: "fault" | "works";
  readonly causes: readonly string[];
  readonly gate?: boolean;
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

const listFaults = (): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [bin, "demo", "--list", "--json"], (error, stdout) => {
      if (error === null) resolve((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id));
      else reject(new Error("demo --list failed", { cause: error }));
    });
  });

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
  const allowed = label.verdict === "works" ? ["healthy", "not-reproduced"] : ["fault"];
  if (!allowed.includes(investigation.verdict)) {
    wrong.push(`says ${investigation.verdict} instead of ${allowed.join(" or ")}`);
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
  if (label.verdict === "works" && comments.length > 0) wrong.push("a ticket was opened");
  return wrong;
}

/** Those of the gate alone, the others three at a time: much of a run is waiting. */
const sideBySide = 3;

const wanted = process.argv.slice(2);
const faults = (await listFaults()).filter((id) => wanted.length === 0 || wanted.includes(id));
let right = 0;
let failed = 0;

async function hold(fault: string): Promise<void> {
  const label = labels[fault];
  if (label === undefined) {
    failed += 1;
    print("FAIL", fault, "eval/labels.yaml does not say what is wrong there");
    return;
  }
  try {
    const seen = await runDemo(fault);
    const wrong = mistakes(seen, label);
    if (wrong.length === 0) right += 1;
    else if (label.gate === true) failed += 1;
    print(
      wrong.length === 0 ? "ok" : label.gate === true ? "FAIL" : "differs",
      fault,
      rowOf(seen, wrong),
    );
  } catch (error) {
    failed += 1;
    print(
      "FAIL",
      fault,
      error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error),
    );
  }
}

const print = (mark: string, fault: string, row: string): void => {
  process.stdout.write(`${mark.padEnd(7)} ${fault.padEnd(28)} ${row}\n`);
};

function rowOf({ investigation }: Seen, wrong: readonly string[]): string {
  const { verdict, hypotheses, fastAfterMs, endedAfterMs } = investigation;
  const leader = `${hypotheses[0]?.id ?? "none"} ${(hypotheses[0]?.probability ?? 0).toFixed(2)}`;
  const times = `${(fastAfterMs / 1000).toFixed(1)} s, ${(endedAfterMs / 1000).toFixed(1)} s`;
  return `${verdict.padEnd(14)} ${leader.padEnd(33)} ${times}${wrong.map((line) => `\n          ${line}`).join("")}`;
}

for (const fault of faults.filter((id) => labels[id]?.gate === true)) await hold(fault);
const others = faults.filter((id) => labels[id]?.gate !== true);
const work = async (): Promise<void> => {
  for (let fault = others.shift(); fault !== undefined; fault = others.shift()) await hold(fault);
};
await Promise.all(Array.from({ length: sideBySide }, work));
process.stdout.write(`${right} of ${faults.length} runs say what is true\n`);
process.stdout.write(`${faults.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
