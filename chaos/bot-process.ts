import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface BotProcess {
  /** Where Slack reaches it. */
  readonly url: string;
  /** Milliseconds from its start until it could be reached. */
  readonly readyMs: number;
  readonly alive: () => boolean;
  kill(): Promise<void>;
  /** SIGTERM; gives the exit code, null where it had to be killed. */
  terminate(withinMs: number): Promise<number | null>;
}

const root = join(import.meta.dirname, "..");
const readyWithinMs = 60_000;

/** What `npm start` runs. Resolves when it can be reached; null when `killAfterMs` was sooner. */
export async function startBotProcess(
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
  killAfterMs: number | null = null,
): Promise<BotProcess | null> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, "src", "main.ts")], {
    cwd: root,
    env: { ...env, PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  const early = killAfterMs === null ? null : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  try {
    const url = await readyUrl(child, exited, onLine);
    if (url === null && early !== null) return null;
    if (url === null) throw new Error("the bot ended before it was ready");
    return {
      url,
      readyMs: performance.now() - began,
      alive: () => child.exitCode === null && child.signalCode === null,
      kill,
      async terminate(withinMs) {
        child.kill("SIGTERM");
        const limit = setTimeout(() => child.kill("SIGKILL"), withinMs);
        await exited;
        clearTimeout(limit);
        return child.exitCode;
      },
    };
  } catch (error) {
    await kill();
    throw error;
  } finally {
    if (early !== null) clearTimeout(early);
  }
}

/** The URL it says it is up on; null when it ends before. */
async function readyUrl(
  child: ChildProcess,
  exited: Promise<unknown>,
  onLine: (line: string) => void,
): Promise<string | null> {
  const ready = Promise.withResolvers<string | null>();
  exited.then(
    () => ready.resolve(null),
    () => ready.resolve(null),
  );
  const limit = setTimeout(
    () => ready.reject(new Error("the bot was not ready in time")),
    readyWithinMs,
  );
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      onLine(line);
      const url = urlIn(line);
      if (url !== null) ready.resolve(url);
    });
  }
  try {
    return await ready.promise;
  } finally {
    clearTimeout(limit);
  }
}

function urlIn(line: string): string | null {
  if (!line.includes("hokusai is up")) return null;
  const { url } = JSON.parse(line) as { url?: unknown };
  return typeof url === "string" ? url : null;
}
