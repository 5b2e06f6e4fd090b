/** The fixed program itself, run by a real shell and a real Python where this machine has one. */
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toView } from "#clients/aws/exec/answers.ts";
import { commandLine } from "#clients/aws/exec/program.ts";
import type { Places } from "#core/ports/exec.ts";

const none: Places = { auth: null, hub: null, redis: null, database: null };

/** As the agent splits it: the words after /bin/sh -c are one quoted text. */
function scriptOf(command: string): string {
  const script = /^\/bin\/sh -c '([^']*)'$/su.exec(command)?.[1];
  if (script === undefined) throw new Error("not one quoted script");
  return script;
}

const hasPython = (() => {
  try {
    execFileSync("python3", ["-c", "import ssl, http.client"]);
    return true;
  } catch {
    return false;
  }
})();

const required = process.env["HOKUSAI_REQUIRE_SERVICES"] === "1";
if (!hasPython && !required)
  process.stderr.write("Skipped: the program in a real shell. To run it: install python3\n");

it.runIf(required)("has the interpreter that this run requires", () => {
  expect(hasPython, "install python3").toBe(true);
});

async function run(port: number, places: Places, env: Record<string, string> = {}) {
  const { stdout } = await promisify(execFile)(
    "/bin/sh",
    ["-c", scriptOf(commandLine(port, places))],
    {
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    },
  );
  return { stdout, view: toView(stdout) };
}

const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

describe("the command line", () => {
  it("holds nothing of a place but a valid host and port", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (host, port) => {
        const command = commandLine(8001, { ...none, auth: { host, port } });
        const plain = commandLine(8001, none);
        const words = command
          .slice(plain.indexOf('" 8001 '))
          .replace(/; fi; echo __RC=\$\?'$/u, "");
        expect(words).toMatch(
          /^" 8001 auth https [\w.:-]+ \d+ hub https - 443 redis tcp - 6379 database tcp - 5432$/u,
        );
        expect(scriptOf(command)).toContain("echo __RC=$?");
      }),
    );
  });

  it("takes a good place as it is", () => {
    const command = commandLine(8001, { ...none, auth: { host: "auth.hokus.ai", port: 443 } });
    expect(command).toContain('" 8001 auth https auth.hokus.ai 443 hub https - 443 ');
  });
});

describe.runIf(hasPython)("the program in a real shell", { timeout: 20_000 }, () => {
  it("tells an answer, a refusal, a name that is not there and its own port", async () => {
    const web = createHttp((_, response) => void response.writeHead(404).end()).listen(
      0,
      "127.0.0.1",
    );
    const store = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await Promise.all([once(web, "listening"), once(store, "listening")]);
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const closed = portOf(gone);
    gone.close();
    try {
      const port = portOf(web);
      const { stdout, view } = await run(
        port,
        {
          auth: { host: "127.0.0.1", port, plain: true },
          hub: { host: "no-such-name.invalid", port: 443 },
          redis: { host: "127.0.0.1", port: closed },
          database: null,
        },
        { DATABASE_URL: `postgresql://user:never-shown@127.0.0.1:${portOf(store)}/db` },
      );
      expect(stdout).toMatch(/\n__RC=0\n$/u);
      expect(stdout).not.toContain("never-shown");
      expect(view.places.auth).toMatchObject({
        outcome: "ok",
        status: 404,
        addresses: ["127.0.0.1"],
      });
      expect(view.places.hub).toMatchObject({ outcome: "no-name", phase: "name" });
      expect(view.places.redis).toMatchObject({ outcome: "refused", phase: "connect" });
      expect(view.places.database).toMatchObject({ outcome: "ok", status: null });
      expect(view.own).toMatchObject({ port, answer: { outcome: "ok", status: 404 } });
      expect(view.own?.listening).toContainEqual({ on: "loopback", port });
    } finally {
      web.close();
      store.close();
    }
  });

  it("tells a server that is silent, one that drops, and TLS that is none", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    const drops = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await Promise.all([once(silent, "listening"), once(drops, "listening")]);
    try {
      const { view } = await run(portOf(silent), {
        ...none,
        auth: { host: "127.0.0.1", port: portOf(silent), plain: true },
        hub: { host: "127.0.0.1", port: portOf(drops) },
      });
      expect(view.places.auth).toMatchObject({ outcome: "timeout", phase: "answer" });
      expect(view.places.hub).toMatchObject({ outcome: "tls-failure", phase: "tls" });
      expect(view.own?.answer.outcome).toBe("timeout");
      expect(view.places.redis).toBeNull();
    } finally {
      silent.close();
      drops.close();
    }
  });

  it("takes host and port from the variables that the image's program reads", async () => {
    const { view } = await run(1, none, { REDIS_HOST: "127.0.0.1", REDIS_PORT: "1" });
    expect(view.places.redis).toMatchObject({ host: "127.0.0.1", port: 1, outcome: "refused" });
    expect(view.own?.answer.outcome).toBe("refused");
  });

  it("says so where there is no interpreter", () => {
    const script = scriptOf(commandLine(8001, none));
    const output = execFileSync("/bin/sh", ["-c", script], {
      env: { PATH: "/nowhere" },
    }).toString();
    // Some machines have it under /usr/local/bin, where the script looks too.
    expect(output).toMatch(/^(?:__NO_INTERPRETER|\{)[\s\S]*__RC=0\n$/u);
  });
});
