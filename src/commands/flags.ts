/** One flag parser for all doors. It never throws: what cannot be read becomes one sentence. */
import { listed, nearest } from "#core/nearest.ts";
import { brief } from "./typed-text.ts";

export interface Flag {
  /** What stands for the value in help: "<id>". Absent: the flag takes no value. */
  readonly value?: string;
  /** What it does, for help. */
  readonly means: string;
  /** May be given more than once; its value is then a list. */
  readonly repeatable?: boolean;
  /** Whether an unquoted value goes on with this word: "http" "405", "20m" "ago". */
  continues?(value: string, next: string): boolean;
}
export type FlagSpec = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends { readonly value: string }
  ? F extends { readonly repeatable: true }
    ? readonly string[]
    : string
  : true;
export type FlagValues<Spec extends FlagSpec> = {
  readonly [Name in keyof Spec]?: ValueOf<Spec[Name]>;
};

/** One sentence for people, and what they probably meant to type. Terminals exit 64 with it. */
export interface Misunderstood {
  readonly verb: "misunderstood";
  readonly sentence: string;
  /** A whole command that would have worked, without the door's own prefix; null where none is near. */
  readonly suggestion: string | null;
}

export const misunderstood = (
  sentence: string,
  suggestion: string | null = null,
): Misunderstood => ({
  verb: "misunderstood",
  sentence,
  suggestion,
});

export type FlagsRead<Spec extends FlagSpec> =
  | { readonly ok: true; readonly values: FlagValues<Spec>; readonly words: readonly string[] }
  | { readonly ok: false; readonly problem: Misunderstood };

const flagWord = /^--([A-Za-z][\w-]*)(?:=([\s\S]*))?$/u;

/**
 * Takes `--name value`, `--name=value` and `--name` out of the words, wherever they stand; `--` ends the flags.
 * @example parseFlags(["21", "--json"], { json: { means: "print JSON" } })
 */
export function parseFlags<const Spec extends FlagSpec>(
  argv: readonly string[],
  spec: Spec,
): FlagsRead<Spec> {
  const values: Record<string, string | true | string[]> = {};
  const words: string[] = [];
  const names = Object.keys(spec);
  const refuse = (sentence: string, suggestion: string | null = null): FlagsRead<Spec> => ({
    ok: false,
    problem: misunderstood(sentence, suggestion),
  });
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? "";
    if (word === "--") {
      words.push(...argv.slice(i + 1));
      break;
    }
    const match = flagWord.exec(word);
    if (match === null) {
      words.push(word);
      continue;
    }
    const typed = (match[1] ?? "").toLowerCase();
    if (!Object.hasOwn(spec, typed)) {
      const meant = nearest(typed, names);
      const known = listed(names.map((name) => `--${name}`));
      const hint = meant === null ? "" : ` (did you mean --${meant}?)`;
      const fixed =
        meant === null ? null : argv.with(i, word.replace(/^--[\w-]+/u, `--${meant}`)).join(" ");
      return refuse(`There is no flag --${typed}: the flags are ${known}${hint}.`, fixed);
    }
    const flag = spec[typed] as Flag;
    if (flag.value === undefined) {
      if (match[2] !== undefined) return refuse(`--${typed} takes no value.`);
      values[typed] = true;
      continue;
    }
    let value = match[2];
    if (value === undefined) {
      const next = argv[i + 1];
      if (next !== undefined && !flagWord.test(next) && next !== "--") {
        value = next;
        i += 1;
      }
    }
    if (value === undefined || value.trim() === "")
      return refuse(`--${typed} wants a value: --${typed} ${flag.value}.`);
    for (
      let next = argv[i + 1];
      next !== undefined && flag.continues?.(value, next) === true;
      next = argv[i + 1]
    ) {
      value = `${value} ${next}`;
      i += 1;
    }
    const before = values[typed];
    if (flag.repeatable === true) values[typed] = [...(Array.isArray(before) ? before : []), value];
    else if (before === undefined) values[typed] = value;
    else return refuse(`--${typed} is given twice: ${brief(String(before))} and ${brief(value)}.`);
  }
  return { ok: true, values: values as FlagValues<Spec>, words };
}
