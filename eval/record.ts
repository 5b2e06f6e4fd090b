/** Runs cases side by side in processes of their own and keeps what they gathered, one line a run. */
import { fork, type ChildProcess } from "node:child_process";
import { appendFileSync, createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Case } from "./cases.ts";
import type { Recording } from "./recording.ts";

/** Much of a run is waiting: with five at once two cores are about three quarters busy. */
const sideBySide = 5;
/** A world that is not done by then never will be. */
const deadlineMs = 120_000;

type Answer =
  | { readonly id: string; readonly recordings: readonly Recording[] }
  | { readonly id: string; readonly problem: string };

export interface Failed {
  readonly id: string;
  readonly problem: string;
}

/** Records every case that `file` does not have yet; gives those that could not be run. */
export async function record(
  cases: readonly Case[],
  file: string,
  onProgress: (done: number, of: number) => void,
): Promise<readonly Failed[]> {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, "");
  const known = new Set<string>();
  for await (const recording of recordingsIn(file)) known.add(recording.case.id);
  const open = cases.filter(({ id }) => !known.has(id));
  const failed: Failed[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    let worker: ChildProcess | null = null;
    let served = 0;
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      // A fresh process now and then: what one world leaves behind must not reach the hundredth.
      if (worker === null || !worker.connected || served >= 25) {
        worker?.disconnect();
        worker = startWorker();
        served = 0;
      }
      served += 1;
      const answer = await ask(worker, next);
      if ("problem" in answer) {
        failed.push(answer);
        worker.kill();
        worker = null;
      } else {
        appendFileSync(file, answer.recordings.map((one) => `${JSON.stringify(one)}\n`).join(""));
      }
      done += 1;
      onProgress(done, cases.length - known.size);
    }
    worker?.disconnect();
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return failed;
}

const startWorker = (): ChildProcess =>
  fork(new URL("record-worker.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });

const ask = (worker: ChildProcess, given: Case): Promise<Answer> =>
  new Promise((resolve) => {
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      worker.off("message", onMessage);
      worker.off("exit", onExit);
      resolve(answer);
    };
    const timer = setTimeout(
      () => finish({ id: given.id, problem: `not done within ${deadlineMs / 1000} s` }),
      deadlineMs,
    );
    const onMessage = (message: unknown): void => finish(message as Answer);
    const onExit = (): void => finish({ id: given.id, problem: "its process ended" });
    worker.once("message", onMessage);
    worker.once("exit", onExit);
    worker.send(given);
  });

export async function* recordingsIn(file: string): AsyncGenerator<Recording> {
  if (!existsSync(file)) return;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line !== "") yield JSON.parse(line) as Recording;
  }
}
