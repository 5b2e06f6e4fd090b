/** What people type at any door to a Command. Never throws; what is not understood is one sentence. */
import { listed, nearest } from "#core/nearest.ts";
import { checkFlags, toComplaint, toPlan, toTicket } from "./check-flags.ts";
import { verbs } from "./command.ts";
import type { Command, Parsed, Verb, Vocabulary } from "./command.ts";
import { misunderstood, parseFlags } from "./flags.ts";
import type { FlagSpec, FlagValues } from "./flags.ts";
import { findModel } from "./model-name.ts";
import { asTyped, brief, toWords } from "./typed-text.ts";

export { checkFlags } from "./check-flags.ts";

/** Other words for a verb; the first word decides. */
const otherWords: Readonly<Record<string, Verb>> = {
  investigate: "check",
  test: "check",
  diagnose: "check",
  recheck: "check",
  state: "status",
  usage: "help",
  commands: "help",
  hi: "help",
  hello: "help",
  "?": "help",
  "-h": "help",
  "--help": "help",
};

/**
 * Reads a slash command's text or a mention.
 * @example parseCommand("check model 21 --symptom 405", vocabulary)
 * @example parseCommand("lead scoring", vocabulary) // means check
 */
export function parseCommand(text: string, vocabulary: Vocabulary): Parsed {
  const typed = asTyped(text);
  const pasted =
    /(?:^|\s)--curl[=\s]\s*([\s\S]+)$/u.exec(typed) ??
    // People paste it as it is.
    /\s(curl\s+["']?(?:-|https?:)[\s\S]*)$/u.exec(typed);
  // A pasted command has quotes of its own: it is taken whole, to the end.
  const words =
    pasted === null
      ? toWords(typed)
      : [...toWords(typed.slice(0, pasted.index)), "--curl", unquoted(pasted[1] ?? "")];
  return parseArguments(words, vocabulary, {}).command;
}

const unquoted = (text: string): string => /^(["'])([\s\S]*)\1$/u.exec(text.trim())?.[2] ?? text;

export interface ArgumentsRead<Extra extends FlagSpec> {
  readonly command: Parsed;
  /** Values of the door's own flags; empty where the command was not understood. */
  readonly extra: FlagValues<Extra>;
}

/** The same for words that a shell has already split, with flags that only this door has. */
export function parseArguments<const Extra extends FlagSpec>(
  argv: readonly string[],
  vocabulary: Vocabulary,
  extra: Extra,
): ArgumentsRead<Extra> {
  const called = /^\/?hokusai$/iu.test(argv[0] ?? "") ? argv.slice(1) : argv;
  if (called.some((word) => word === "--help" || word === "-h"))
    return { command: { verb: "help" }, extra: {} };
  const read = parseFlags(called, { ...extra, ...checkFlags });
  if (!read.ok) return { command: read.problem, extra: {} };
  const values = read.values as FlagValues<Extra> & FlagValues<typeof checkFlags>;
  const command = toCommand(read.words, values, vocabulary);
  return { command, extra: command.verb === "misunderstood" ? {} : values };
}

function toCommand(
  words: readonly string[],
  flags: FlagValues<typeof checkFlags>,
  vocabulary: Vocabulary,
): Parsed {
  const given = Object.keys(checkFlags).filter((name) => Object.hasOwn(flags, name));
  const first = (words[0] ?? "").toLowerCase().replace(/[!.,:;]+$/u, "");
  if (first === "")
    return given.length === 0 ? { verb: "help" } : withModel("check", [], flags, vocabulary);
  const verb =
    verbs.find((known) => known === first) ??
    (Object.hasOwn(otherWords, first) ? otherWords[first] : undefined);
  if (verb === undefined) return withoutVerb(words, flags, vocabulary);
  if (verb !== "check" && given.length > 0) {
    return misunderstood(`--${given[0] ?? ""} belongs to check: ${verb} takes no such flag.`);
  }
  return verb === "help" ? { verb } : withModel(verb, words.slice(1), flags, vocabulary);
}

/** "/hokusai 21" means check; anything else is a misspelt verb or model. */
function withoutVerb(
  words: readonly string[],
  flags: FlagValues<typeof checkFlags>,
  vocabulary: Vocabulary,
): Parsed {
  const whole = findModel(words.join(" "), vocabulary.models);
  if (whole.ok) return withModel("check", words, flags, vocabulary);
  const first = words[0] ?? "";
  const rest = words.slice(1).join(" ");
  const meant = nearest(first, verbs);
  if (
    meant === null &&
    (/^#?\d/u.test(first) || /^models?$/iu.test(first) || whole.meant !== null)
  ) {
    return misunderstood(
      whole.sentence,
      whole.meant === null ? null : `check model ${whole.meant}`,
    );
  }
  const mentioned = words
    .map((word) => findModel(word, vocabulary.models))
    .find((found) => found.ok);
  const fallback = mentioned?.ok === true ? `check model ${mentioned.model}` : null;
  const suggestion = meant === null ? fallback : `${meant} ${rest}`.trim();
  const hint = suggestion === null ? "" : ` (did you mean "${suggestion}"?)`;
  return misunderstood(
    `I do not know ${brief(first)}: the commands are ${listed(verbs)}${hint}.`,
    suggestion,
  );
}

function withModel(
  verb: "check" | "status",
  words: readonly string[],
  flags: FlagValues<typeof checkFlags>,
  vocabulary: Vocabulary,
): Parsed {
  const { models } = vocabulary;
  const only = words.length === 0 && models.length === 1 ? models[0] : undefined;
  const found =
    only === undefined ? findModel(words.join(" "), models) : { ok: true as const, model: only.id };
  if (!found.ok)
    return misunderstood(
      found.sentence,
      found.meant === null ? null : `${verb} model ${found.meant}`,
    );
  return verb === "status" ? { verb, model: found.model } : toCheck(found.model, flags, vocabulary);
}

function toCheck(
  model: string,
  flags: FlagValues<typeof checkFlags>,
  vocabulary: Vocabulary,
): Parsed {
  const plan = flags.plan === undefined ? null : toPlan(flags.plan, model, vocabulary);
  if (plan !== null && typeof plan !== "string") return plan;
  const ticket = flags.ticket === undefined ? null : toTicket(flags.ticket);
  if (ticket !== null && typeof ticket !== "string") return ticket;
  const complaint = toComplaint(flags);
  if ("verb" in complaint) return complaint;
  const inside = flags.inside === true ? { inside: true } : {};
  return { verb: "check", model, plan, ticket, complaint, ...inside } satisfies Command;
}
