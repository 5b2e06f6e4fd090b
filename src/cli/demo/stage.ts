import { isoTime } from "#core/clock.ts";
import type { Investigation } from "#core/investigation.ts";
import { toDocument, type Document } from "#reports/json.ts";
import { lookInsideAction } from "#reports/slack.ts";
import type { LinearWorld } from "#sandbox/linear/server.ts";
import type { SlackWorld } from "#sandbox/slack/server.ts";
import type { Report, Sandbox } from "#sandbox/start.ts";
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
  /** Approves a look from inside by the button of the newest root message; false where it has none. */
  lookInside(): Promise<boolean>;
  /** Presses a button of the newest message that has it; false where none has. */
  press(actionId: string, value?: string): Promise<boolean>;
  /** Closes the incident of the newest run, as `hokusai incident close` does; false where it is not open. */
  closeIncident(): Promise<boolean>;
  document(asked: Awaited<ReturnType<Stage["ask"]>>): Promise<DemoDocument>;
  /** Resolves when no run is going on and everything is sent. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface SandboxRoom {
  readonly startWorld: (options: { faults: string[]; exec?: boolean }) => Promise<Sandbox>;
}

/** Settings of the person's own machine that must not reach into the offline world. */
const foreign = /^(?:AWS_|SLACK_|LINEAR_|HOKUSAI_|DATABASE_URL$|PORT$)/u;

export async function openStage(
  room: SandboxRoom,
  faults: readonly string[],
  terminal: Terminal,
  kind: StoreKind = "memory",
  exec = false,
): Promise<Stage> {
  const ledger = await openDemoLedger(kind, terminal);
  const sandbox = await room.startWorld({ faults: [...faults], exec });
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
      // A fix and a time go with what the customer said; any other flag is said in place of it.
      const told = / --(?!fix\b|at\b)/u.test(text);
      const said = `${text}${told ? "" : reportFlags(sandbox.report)}`;
      const { status, tookMs } = await slack.driver.slashCommand({ text: said });
      await settled();
      return { text: said, acknowledged: { status, tookMs } };
    },
    async lookInside() {
      const root = slack
        .messages("incidents")
        .findLast(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null);
      if (root === undefined || !JSON.stringify(root.blocks).includes(lookInsideAction))
        return false;
      await slack.driver.blockAction({ message: root, actionId: lookInsideAction });
      await settled();
      return true;
    },
    async press(actionId, value) {
      const message = slack
        .messages("incidents")
        .findLast(({ blocks }) => JSON.stringify(blocks).includes(actionId));
      if (message === undefined) return false;
      const chosen = value === undefined ? {} : { value };
      await slack.driver.blockAction({ message, actionId, ...chosen });
      await settled();
      return true;
    },
    async closeIncident() {
      const run = await newestRun(bot);
      if (run === null) return false;
      const { id, investigations } = await bot.ledger.openIncident(
        run.target.service.id,
        slack.channels.incidents.id,
      );
      await bot.ledger.amendIncident(id, { closedAt: isoTime(Date.now()) });
      return investigations.includes(run.id);
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

/** What the customer said, as flags of the command: as on-call would paste it. */
export function reportFlags(report: Report | null): string {
  if (report === null) return "";
  const { symptom, url, method, keyPrefix, curl } = report;
  const flag = (name: string, value: string | undefined): string =>
    value === undefined ? "" : ` --${name} ${value}`;
  const told = flag("symptom", symptom) + flag("key-prefix", keyPrefix);
  // A pasted command tells both, and is taken to the end.
  return curl === undefined
    ? told + flag("url", url) + flag("method", method)
    : told + flag("curl", curl);
}
