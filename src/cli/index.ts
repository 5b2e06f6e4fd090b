/** The terminal door. Each verb is a file; they load compose and the offline world only when asked to. */
import { HokusaiError } from "#core/errors.ts";
import { nearest } from "#core/nearest.ts";
import type { Terminal } from "./terminal.ts";
import { processTerminal } from "./terminal.ts";

type Run = (argv: readonly string[], terminal: Terminal) => Promise<number>;

const verbs: Readonly<
  Record<string, { readonly means: string; readonly load: () => Promise<Run> }>
> = {
  check: {
    means: "investigate a model now: hokusai check model 21",
    load: async () => (await import("./check.ts")).checkVerb,
  },
  replay: {
    means: "judge a saved run again, offline: hokusai replay run.json",
    load: async () => (await import("./replay.ts")).replayVerb,
  },
  plan: {
    means: "lint plans, or explain a hypothesis: hokusai plan lint",
    load: async () => (await import("./plan.ts")).planVerb,
  },
  demo: {
    means: "the whole product against an offline world: hokusai demo --list",
    load: async () => (await import("./demo.ts")).demoVerb,
  },
  incident: {
    means: "open incidents; split, merge or close them, say what it was: hokusai incident list",
    load: async () => (await import("./incident.ts")).incidentVerb,
  },
  outbox: {
    means: "what was not sent to Slack and Linear: hokusai outbox list",
    load: async () => (await import("./outbox.ts")).outboxVerb,
  },
  eval: {
    means: "how often past verdicts were right, and would be now: hokusai eval --ledger",
    load: async () => (await import("./eval.ts")).evalVerb,
  },
  prune: {
    means: "delete old investigations from the ledger: hokusai prune --dry-run",
    load: async () => (await import("./prune.ts")).pruneVerb,
  },
};

/** Resolves to the exit code; never rejects. */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    const [verb = "help", ...rest] = argv;
    if (["help", "--help", "-h"].includes(verb)) {
      terminal.out(usage());
      return 0;
    }
    if (["--version", "-v", "version"].includes(verb)) {
      terminal.out(`${(await import("../version.ts")).version}\n`);
      return 0;
    }
    const known = verbs[verb];
    if (known === undefined) {
      const meant = nearest(verb, Object.keys(verbs));
      throw new HokusaiError(
        "usage",
        `"${verb}" is no command of hokusai: they are ${Object.keys(verbs).join(", ")} and help` +
          (meant === null ? "." : ` (did you mean ${meant}?).`),
      );
    }
    return await (
      await known.load()
    )(rest, terminal);
  } catch (error) {
    return complain(error, terminal);
  }
}

function complain(error: unknown, terminal: Terminal): number {
  if (error instanceof HokusaiError) {
    terminal.err(`${error.message}\n${error.next === undefined ? "" : `${error.next}\n`}`);
    return error.exitCode;
  }
  terminal.err(
    `hokusai failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 70;
}

const usage = (): string =>
  [
    "hokusai: investigates incidents on a model-serving API",
    "",
    ...Object.entries(verbs).map(([name, { means }]) => `  ${name.padEnd(8)} ${means}`),
    "  help     this",
    "",
    "The bot itself starts with: npm start",
    "",
  ].join("\n");
