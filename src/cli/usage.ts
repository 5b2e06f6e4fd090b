import type { FlagSpec } from "#commands/flags.ts";
import { checkFlags } from "#commands/parse.ts";

export const flagRows = (flags: FlagSpec): readonly string[] =>
  Object.entries(flags).map(
    ([name, { value, means }]) =>
      `  ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(26)} ${means}`,
  );

export const checkUsage = (own: FlagSpec): string =>
  [
    "hokusai check model <id, name or alias> [flags]",
    "",
    ...flagRows(checkFlags),
    ...flagRows(own),
    "",
    "Exit: 0 healthy, 1 fault, 2 inconclusive or not reproduced, 64 usage, 78 configuration.",
    "",
  ].join("\n");
