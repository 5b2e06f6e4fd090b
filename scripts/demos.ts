/**
 * npm run demos [-- <fault>...]: one whole run for every fault there is, from the signed slash command
 * to thread and ticket, held against eval/labels.yaml. Prints a table; exits 1 where a run is wrong.
 */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { faults as listed } from "../src/sandbox/faults/index.ts";
import type { DemoAnswer } from "./demo-worker.ts";

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
  readonly slack: {
    readonly messages: readonly {
      readonly rendered: string;
      readonly threadTs: string | null;
      /** A warning that only one person sees is not the incident's message. */
      readonly ephemeralFor: string | null;
    }[];
  };
  readonly linear: {
    readonly issues: readonly { readonly comments: readonly { readonly body: string }[] }[];
  };
}

const labels = parse(
  readFileSync(new URL("../eval/labels.yaml", import.meta.url), "utf8"),
) as Readonly<Record<string, Label>>;

/** A demo that is not done by then never will be. */
const deadlineMs = 120_000;
/** A fresh process now and then: what one world leaves behind must not reach the hundredth. */
const demosAProcess = 12;

/** A place in the row: at most one demo at a time, in a process that serves several. */
class Lane implements Disposable {
  #worker: ChildProcess | null = null;
  #served = 0;

  async run(fault: string): Promise<Seen> {
    if (this.#worker === null || !this.#worker.connected || this.#served >= demosAProcess) {
      this[Symbol.dispose]();
      this.#worker = fork(new URL("demo-worker.ts", import.meta.url), {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      this.#served = 0;
    }
    this.#served += 1;
    const answer = await ask(this.#worker, fault);
    if ("printed" in answer) return JSON.parse(answer.printed) as Seen;
    this.#worker.kill();
    throw new Error(answer.problem);
  }

  [Symbol.dispose](): void {
    if (this.#worker?.connected === true) this.#worker.disconnect();
    this.#worker = null;
  }
}

const ask = (worker: ChildProcess, fault: string): Promise<DemoAnswer> =>
  new Promise((resolve) => {
    const settle = (answer: DemoAnswer): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(answer);
    };
    const timer = setTimeout(
      () => settle({ problem: `not done in ${deadlineMs / 1000} s` }),
      deadlineMs,
    );
    worker.once("message", (answer) => settle(answer as DemoAnswer));
    worker.once("exit", (code) => settle({ problem: `the process ended with ${String(code)}` }));
    worker.once("error", (error) => settle({ problem: error.message }));
    worker.send(fault);
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
  const root =
    slack.messages.find(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null)
      ?.rendered ?? "";
  if (!root.includes(investigation.headline))
    wrong.push(`the Slack thread says something else: ${root.slice(0, 160)}`);
  const comments = linear.issues.flatMap((issue) => issue.comments.map(({ body }) => body));
  const named = label.causes.some((cause) => comments.some((body) => body.includes(cause)));
  if (label.verdict === "fault" && !named) wrong.push("the ticket does not name the cause");
  if (label.verdict === "works" && comments.length > 0) wrong.push("a ticket was opened");
  return wrong;
}

/** Those of the gate alone, the others five at a time: much of a run is waiting. */
const sideBySide = 5;

const wanted = process.argv.slice(2);
const known = listed.map(({ id }) => id);
const unknown = wanted.filter((id) => !known.includes(id));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no fault ${unknown.join(", ")}. npm run hokusai -- demo --list names them.\n`,
  );
  process.exit(64);
}
const faults = known.filter((id) => wanted.length === 0 || wanted.includes(id));
let right = 0;
let failed = 0;

async function hold(fault: string, lane: Lane): Promise<void> {
  const label = labels[fault];
  if (label === undefined) {
    failed += 1;
    print("FAIL", fault, "eval/labels.yaml does not say what is wrong there");
    return;
  }
  try {
    const seen = await lane.run(fault);
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
    print("FAIL", fault, error instanceof Error ? error.message : String(error));
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

async function holdAll(row: string[]): Promise<void> {
  using lane = new Lane();
  for (let fault = row.shift(); fault !== undefined; fault = row.shift()) await hold(fault, lane);
}

await holdAll(faults.filter((id) => labels[id]?.gate === true));
const others = faults.filter((id) => labels[id]?.gate !== true);
await Promise.all(Array.from({ length: sideBySide }, () => holdAll(others)));
process.stdout.write(`${right} of ${faults.length} runs say what is true\n`);
process.stdout.write(`${faults.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
