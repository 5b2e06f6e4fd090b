import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

/** Starts a world in a process of its own, which has to end by itself. */
const lifeOf = async (script: string): Promise<Record<string, number>> => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
    timeout: 15_000,
  });
  return JSON.parse(stdout) as Record<string, number>;
};

it.each([
  [
    "Slack",
    `const { startSlack } = await import("#sandbox/slack/server.ts");
     const { WebClient } = await import("@slack/web-api");
     const begun = performance.now();
     const world = await startSlack();
     const startMs = performance.now() - begun;
     await new WebClient(world.botToken, { slackApiUrl: world.url }).chat.postMessage({ channel: world.channels.incidents.id, text: "a" });
     world.fail("auth.test", { delayMs: 60_000 });
     const pending = fetch(world.url + "auth.test", { method: "POST" }).catch(() => undefined);
     await new Promise((resolve) => setTimeout(resolve, 100));
     await world.stop();
     await pending;
     console.log(JSON.stringify({ startMs, messages: world.messages("incidents").length }));`,
    { messages: 1 },
    1_500,
  ],
  [
    "Linear",
    `const { startLinear } = await import("#sandbox/linear/server.ts");
     const begun = performance.now();
     const world = await startLinear();
     const startMs = performance.now() - begun;
     world.asPerson.openIssue("a");
     const headers = { authorization: world.apiKey };
     await fetch(world.url, { method: "POST", headers, body: JSON.stringify({ query: "{ viewer { id } }" }) });
     world.fail("viewer", { delayMs: 60_000 });
     const pending = fetch(world.url, { method: "POST", headers, body: JSON.stringify({ query: "{ viewer { id } }" }) }).catch(() => undefined);
     await new Promise((resolve) => setTimeout(resolve, 100));
     await world.stop();
     await pending;
     console.log(JSON.stringify({ startMs, issues: world.issues().length }));`,
    { issues: 1 },
    3_000,
  ],
])(
  "%s starts fast, and leaves nothing behind that keeps a process alive",
  async (_, script, state, withinMs) => {
    const seen = await lifeOf(script);
    expect(seen).toMatchObject(state);
    expect(seen["startMs"]).toBeLessThan(withinMs);
  },
);
