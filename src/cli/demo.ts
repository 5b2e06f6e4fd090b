import { parseFlags } from "#commands/flags.ts";
import { rightAction } from "#reports/slack.ts";
import { HokusaiError } from "#core/errors.ts";
import { listed, nearest } from "#core/nearest.ts";
import { toLedgerKind } from "./demo/ledger.ts";
import { openStage, type Stage } from "./demo/stage.ts";
import { followThread, showThread, showTicket } from "./demo/transcript.ts";
import type { Terminal } from "./terminal.ts";
import { flagRows } from "./usage.ts";

const flags = {
  fault: { value: "<id>", means: "what is broken; may be given more than once", repeatable: true },
  once: { means: "one investigation, then the end" },
  json: { means: "print {investigation, slack, linear} and nothing else; implies --once" },
  list: { means: "list the faults" },
  ledger: {
    value: "<kind>",
    means: "where the record is kept: memory (default), embedded, postgres",
  },
  model: { value: "<id>", means: "the model to ask about (21)" },
  inside: {
    means:
      "switch on ECS Exec, and approve a look from inside the container after the first answer",
  },
  again: {
    means:
      "after the first answer somebody confirms it and closes the incident, then the same is asked again",
  },
  curl: { value: "'<curl ...>'", means: "a customer's request to ask with; implies --once" },
  help: { means: "this" },
} as const;

const defaultFault = "auth-unreachable";

/**
 * hokusai demo [--fault <id>]... [--once] [--json] ["<command>"] | hokusai demo --list
 * @example hokusai demo --once --fault image-tag-shared "check model 21 --fix 77aa01c"
 */
export async function demoVerb(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = parseFlags(argv, flags);
  if (!read.ok) throw new HokusaiError("usage", read.problem.sentence);
  const {
    fault,
    json = false,
    list = false,
    model = "21",
    inside = false,
    again = false,
    curl,
  } = read.values;
  if (read.values.help === true) {
    terminal.out(usage());
    return 0;
  }
  const command = read.words.join(" ") || `check model ${model}`;
  if (!/^check\s/u.test(command)) {
    throw new HokusaiError(
      "usage",
      `demo takes one check command, as "check model 21 --fix abc1234", and no ${JSON.stringify(command)}: name a fault with --fault <id>.`,
    );
  }
  const kind = toLedgerKind(read.values.ledger);
  const sandbox = await loadSandbox();
  if (list) {
    const rows = sandbox.faults.map(({ id, title, system }) => ({ id, title, system }));
    terminal.out(json ? `${JSON.stringify(rows, null, 2)}\n` : faultList(rows));
    return 0;
  }
  const faults = fault ?? [defaultFault];
  for (const id of faults)
    assertKnown(
      id,
      sandbox.faults.map((row) => row.id),
    );

  const once = json || read.values.once === true || again || curl !== undefined;
  const question = `${command}${curl === undefined ? "" : ` --curl ${curl}`}`;
  if (!json) terminal.out(`Starting the offline world with: ${listed(faults)} ...\n`);
  const stage = await openStage(sandbox, faults, terminal, kind, inside);
  try {
    return once
      ? await runOnce(stage, question, { json, inside, again }, terminal)
      : await stay(stage, question, terminal);
  } finally {
    await stage.close();
  }
}

async function runOnce(
  stage: Stage,
  question: string,
  {
    json,
    inside,
    again,
  }: { readonly json: boolean; readonly inside: boolean; readonly again: boolean },
  terminal: Terminal,
): Promise<number> {
  const stopFollowing = json ? () => undefined : followThread(stage, terminal);
  let ended = await stage.ask(question);
  if (again) {
    await stage.press(rightAction);
    await stage.closeIncident();
    ended = await stage.ask(question);
  }
  if (inside && !(await stage.lookInside()) && !json)
    terminal.out("There is no button to look from inside: it would not help here.\n");
  stopFollowing();
  const { investigation, slack, linear } = await stage.document(ended);
  if (json) {
    terminal.out(`${JSON.stringify({ investigation, slack, linear }, null, 2)}\n`);
  } else {
    showThread(stage, terminal);
    showTicket(stage, terminal);
  }
  return 0;
}

async function stay(stage: Stage, question: string, terminal: Terminal): Promise<number> {
  const stopFollowing = followThread(stage, terminal);
  await stage.ask(question);
  showTicket(stage, terminal);
  const { prompt } = await import("./demo/prompt.ts");
  await prompt(stage, terminal);
  stopFollowing();
  return 0;
}

const usage = (): string =>
  [
    'hokusai demo [--fault <id>]... [flags] ["<command>"]: the whole product against an offline world',
    "",
    ...flagRows(flags),
    "",
  ].join("\n");

async function loadSandbox() {
  try {
    const [{ startWorld }, { faults }] = await Promise.all([
      import("#sandbox/start.ts"),
      import("#sandbox/faults/index.ts"),
    ]);
    return { startWorld, faults };
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new HokusaiError("configuration", "The offline world is not part of this installation.", {
      next: "Run the demo from a clone of the repository, after npm ci.",
      cause: error,
    });
  }
}

function assertKnown(id: string, known: readonly string[]): void {
  if (known.includes(id)) return;
  const meant = nearest(id, known);
  throw new HokusaiError(
    "usage",
    `There is no fault "${id}": the faults are ${listed(known)}${meant === null ? "" : ` (did you mean ${meant}?)`}.`,
  );
}

function faultList(
  faults: readonly { readonly id: string; readonly title: string; readonly system: string }[],
): string {
  const systems = [...new Set(faults.map((fault) => fault.system))];
  const width = Math.max(...faults.map((fault) => fault.id.length)) + 2;
  return systems
    .map((system) =>
      [
        system,
        ...faults
          .filter((fault) => fault.system === system)
          .map(({ id, title }) => `  ${id.padEnd(width)}${title}`),
        "",
      ].join("\n"),
    )
    .join("\n");
}
