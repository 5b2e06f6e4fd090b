import type { Investigation } from "#core/investigation.ts";
import { toDocument, type Document } from "#reports/json.ts";
import type { LinearWorld } from "#sandbox/linear/server.ts";
import type { SlackWorld } from "#sandbox/slack/server.ts";
import type { Sandbox } from "#sandbox/start.ts";
import type { Bot } from "../../compose-bot.ts";
import type { StoreKind } from "../../compose-store.ts";
import type { Terminal } from "../terminal.ts";
import { openDemoLedger, type DemoLedger } from "./ledger.ts";

/** What was finally seen, and every change on the way. */
export interface DemoDocument {
  readonly investigation: Document;
  readonly slack: {
    readonly command: string;
    readonly acknowledged: { readonly status: number | null; readonly tookMs: number };
    readonly messages: readonly object[];
    readonly changes: readonly object[];
  };
  readonly linear: { readonly issues: readonly object[]; readonly changes: readonly object[] };
}

/** The offline world with the composed bot on it. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly slack: SlackWorld;
  readonly linear: LinearWorld;
  readonly bot: Bot;
  /** Types the slash command as the on-call person and waits until everything it started has been said. */
  ask(text: string): Promise<{
    readonly text: string;
    readonly acknowledged: { status: number | null; tookMs: number };
  }>;
  document(asked: Awaited<ReturnType<Stage["ask"]>>): Promise<DemoDocument>;
  /** Resolves when no run is going on and everything is sent. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface SandboxRoom {
  readonly startWorld: (options: { faults: string[] }) => Promise<Sandbox>;
}

/** Settings of the person's own machine that must not reach into the offline world. */
const foreign = /^(?:AWS_|SLACK_|LINEAR_|HOKUSAI_|DATABASE_URL$|PORT$)/u;

export async function openStage(
  room: SandboxRoom,
  faults: readonly string[],
  terminal: Terminal,
  kind: StoreKind = "memory",
): Promise<Stage> {
  const ledger = await openDemoLedger(kind, terminal);
  const sandbox = await room.startWorld({ faults: [...faults] });
  let bot: Bot | null = null;
  try {
    // The AWS SDK reads its credentials from the process itself.
    // oxlint-disable-next-line node/no-process-env
    const own = process.env;
    for (const name of Object.keys(own)) if (foreign.test(name)) delete own[name];
    Object.assign(own, sandbox.env);
    const env = Object.fromEntries(
      Object.entries(terminal.env).filter(([name]) => !foreign.test(name)),
    );
    const [{ loadConfig }, { startBot }] = await Promise.all([
      import("../../compose.ts"),
      import("../../compose-bot.ts"),
    ]);
    const config = await loadConfig({
      env: { LOG_LEVEL: "warn", ...env, ...sandbox.env, ...ledger.env },
      cwd: terminal.cwd,
    });
    bot = await startBot(config, { port: 0, ledger: kind });
    if (bot.url !== null) sandbox.slack.driver.connect(`${bot.url}/slack/events`);
    await sandbox.settled();
    return stageOf(sandbox, bot, ledger);
  } catch (error) {
    await bot?.stop();
    await sandbox.stop();
    await ledger.remove();
    throw error;
  }
}

function stageOf(sandbox: Sandbox, bot: Bot, ledger: DemoLedger): Stage {
  const { slack, linear } = sandbox;
  const settled = async (): Promise<void> => {
    await bot.idle();
    await bot.drained();
  };
  return {
    sandbox,
    slack,
    linear,
    bot,
    settled,
    async ask(text) {
      const said = `${text}${reportFlags(sandbox, text)}`;
      const { status, tookMs } = await slack.driver.slashCommand({ text: said });
      await settled();
      return { text: said, acknowledged: { status, tookMs } };
    },
    async document({ text, acknowledged }) {
      const run = await newestRun(bot);
      if (run === null) throw new Error(`the bot started no investigation for "${text}"`);
      return {
        investigation: toDocument(run),
        slack: {
          command: `/hokusai ${text}`,
          acknowledged,
          messages: slack
            .messages("incidents")
            .map((message) => ({ ...message, rendered: slack.renderText(message) })),
          changes: slack.events,
        },
        linear: { issues: linear.issues(), changes: linear.changes },
      };
    },
    async close() {
      await bot.stop();
      await sandbox.stop();
      await ledger.remove();
    },
  };
}

const newestRun = async (bot: Bot): Promise<Investigation | null> => {
  const id = bot.newestInvestigation();
  return id === null ? null : bot.ledger.investigation(id);
};

/** What the customer said goes with the command, as on-call would paste it. */
function reportFlags({ report }: Sandbox, text: string): string {
  if (report === null || text.includes("--")) return "";
  return [
    report.symptom === undefined ? "" : ` --symptom ${report.symptom}`,
    report.url === undefined ? "" : ` --url ${report.url}`,
  ].join("");
}
