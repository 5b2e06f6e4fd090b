import type { Vocabulary } from "./command.ts";
import type { FlagSpec } from "./flags.ts";
import { checkFlags } from "./check-flags.ts";

export interface HelpAnswer {
  readonly commands: readonly {
    readonly usage: string;
    readonly means: string;
    readonly example: string;
  }[];
  /** Flags of `check`. */
  readonly flags: readonly { readonly usage: string; readonly means: string }[];
  readonly models: readonly {
    readonly id: string;
    readonly name: string;
    readonly aliases: readonly string[];
  }[];
  readonly plans: readonly string[];
}

/** What can be asked, in the words of this installation. The examples parse as commands. */
export function runHelp(vocabulary: Vocabulary): HelpAnswer {
  const model = vocabulary.models[0];
  const id = model?.id ?? "21";
  const alias = model?.aliases.at(-1) ?? model?.name ?? id;
  return {
    commands: [
      {
        usage: "check <model>",
        means: "find out what is wrong with a model, and why",
        example: `check model ${id}`,
      },
      { usage: "<model>", means: "the same, shorter", example: alias },
      {
        usage: "check <model> --symptom <symptom> --url <url> --at <time>",
        means: "start from what a customer reports",
        example: `check ${id} --symptom 405 --at "20m ago"`,
      },
      {
        usage: "status <model>",
        means: "what was last found, in plain words, without a new check",
        example: `status model ${id}`,
      },
      { usage: "help", means: "this list", example: "help" },
    ],
    flags: usages(checkFlags),
    models: vocabulary.models,
    plans: vocabulary.plans,
  };
}

/** Rows for a list of flags; the terminal adds its own. */
export const usages = (spec: FlagSpec): readonly { usage: string; means: string }[] =>
  Object.entries(spec).map(([name, flag]) => ({
    usage: flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`,
    means: flag.means,
  }));

/** Aligned plain text, for a terminal or a preformatted block. `prefix` is what a door writes before a command. */
export function helpText(help: HelpAnswer, prefix: string, more: HelpAnswer["flags"] = []): string {
  const flags = [...help.flags, ...more];
  const width = Math.max(...flags.map(({ usage }) => usage.length));
  const say = (command: string): string => `${prefix} ${command}`.trim();
  return [
    "What you can ask",
    ...help.commands.flatMap(({ usage, means, example }) => [
      `  ${say(usage)}`,
      `      ${means}${example === usage ? "" : `: ${say(example)}`}`,
    ]),
    "",
    "Flags of check",
    ...flags.map(({ usage, means }) => `  ${usage.padEnd(width)}  ${means}`),
    "",
    "Models",
    ...help.models.map(({ id, name, aliases }) => `  ${[id, name, ...aliases].join(" · ")}`),
    "",
    `Plans: ${help.plans.length === 0 ? "none" : help.plans.join(", ")}`,
  ].join("\n");
}
