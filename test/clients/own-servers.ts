/** Real redis-server and postgres processes of a test's own, on ports of their own, in folders of their own. */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import {
  chownSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { closedPort, type Issued } from "./probe/servers.ts";

export const redisBinary: string | undefined = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "redis-server"))
  .find((path) => existsSync(path));

/** The folder of initdb and postgres; Debian keeps them out of PATH. */
export const postgresBinaries: string | undefined = globSync("/usr/lib/postgresql/*/bin")
  .toSorted()
  .findLast((folder) => existsSync(join(folder, "initdb")));

export interface Process {
  readonly port: number;
  /** Keeps the port open and answers nothing more. */
  freeze(): void;
  close(): Promise<void>;
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  const opens = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  for (let tries = 0; tries < 200; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    if (await opens()) return;
    if (child.exitCode !== null) break;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await sleep(25);
  }
  throw new Error(`${child.spawnfile} did not open port ${port}`);
}

async function start(
  binary: string,
  args: readonly string[],
  port: number,
  folder: string,
  options: SpawnOptions = {},
): Promise<Process> {
  const child = spawn(binary, args, { stdio: "ignore", cwd: folder, ...options });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilOpen(port, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { port, freeze: () => void child.kill("SIGSTOP"), close };
}

export interface RedisWish {
  readonly tls?: Issued;
  /** Left in the folder before it starts, as what an earlier server saved. */
  readonly dump?: Buffer;
  readonly settings?: readonly string[];
}

export async function startRedis({ tls, dump, settings = [] }: RedisWish = {}): Promise<Process> {
  const port = await closedPort();
  const folder = mkdtempSync(join(tmpdir(), "own-redis-"));
  if (dump !== undefined) writeFileSync(join(folder, "dump.rdb"), dump);
  const encrypted: string[] = [];
  if (tls !== undefined) {
    for (const part of ["key", "cert"] as const) writeFileSync(join(folder, part), tls[part]);
    encrypted.push("--tls-port", `${port}`, "--tls-cert-file", "cert", "--tls-key-file", "key");
    encrypted.push("--tls-ca-cert-file", "cert", "--tls-auth-clients", "no");
  }
  const args = ["--bind", "127.0.0.1", "--port", tls === undefined ? `${port}` : "0", "--save", ""];
  return start(redisBinary ?? "redis-server", [...args, ...encrypted, ...settings], port, folder);
}

export interface PostgresWish {
  /** pg_hba.conf, line by line. The superuser is "postgres", and its password is "right". */
  readonly access: readonly string[];
  readonly tls?: Issued;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Postgres refuses to run as root. */
function ownUser(): { uid: number; gid: number } | Record<never, never> {
  if (process.getuid?.() !== 0) return {};
  const entry = /^postgres:[^:]*:(\d+):(\d+):/mu.exec(readFileSync("/etc/passwd", "utf8"));
  return entry === null ? {} : { uid: Number(entry[1]), gid: Number(entry[2]) };
}

export async function startPostgres({ access, tls, settings }: PostgresWish): Promise<Process> {
  const port = await closedPort();
  const folder = mkdtempSync(join(tmpdir(), "own-postgres-"));
  const data = join(folder, "data");
  const user = ownUser();
  const own = (path: string): void => {
    if ("uid" in user) chownSync(path, user.uid, user.gid);
  };
  const write = (path: string, text: string): void => {
    writeFileSync(path, text, { mode: 0o600 });
    own(path);
  };
  own(folder);
  write(join(folder, "password"), "right");
  const made = spawnSync(
    join(postgresBinaries ?? "", "initdb"),
    [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      "--pwfile",
      join(folder, "password"),
      "-N",
    ],
    { ...user, cwd: folder },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr.toString()}`);
  write(join(data, "pg_hba.conf"), `${access.join("\n")}\n`);
  const encrypted: Record<string, string> = {};
  if (tls !== undefined) {
    write(join(data, "server.key"), tls.key);
    write(join(data, "server.crt"), tls.cert);
    encrypted["ssl"] = "on";
  }
  const all = {
    fsync: "off",
    unix_socket_directories: "",
    listen_addresses: "127.0.0.1",
    ...encrypted,
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const args = ["-D", data, "-p", `${port}`, ...flags];
  const server = await start(join(postgresBinaries ?? "", "postgres"), args, port, folder, user);
  // The port is open while it still recovers; its last line says how far it is.
  const pidFile = join(data, "postmaster.pid");
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  for (let tries = 0; tries < 200 && !/ready/u.test(readIfThere(pidFile)); tries += 1)
    await sleep(25);
  return server;
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
