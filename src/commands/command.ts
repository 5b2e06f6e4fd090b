import type { Config } from "#core/config.ts";
import type { SymptomWord } from "#core/plan.ts";
import type { Reported } from "#core/target.ts";
import type { Misunderstood } from "./flags.ts";
import type { Moment } from "./time.ts";

/** What the caller complained about, as typed; toReported gives it a time. */
export interface Complaint {
  readonly symptom: SymptomWord | null;
  readonly url: string | null;
  readonly method: string | null;
  readonly at: Moment | null;
  readonly requestId: string | null;
  /** Of a pasted request: the start of its key, and names of its headers and fields. */
  readonly keyStart?: string | null;
  readonly sample?: Reported["sample"];
  /** Test predictions to time. */
  readonly samples?: number;
  /** Commit of a fix. */
  readonly fix?: string;
}

export interface CheckCommand {
  readonly verb: "check";
  /** Id of a model of the catalogue. */
  readonly model: string;
  /** Id of a plan; null: the checks of all plans. */
  readonly plan: string | null;
  /** "HOK-123". */
  readonly ticket: string | null;
  readonly complaint: Complaint;
  /** Who asks approves one look from inside the running container. */
  readonly inside?: boolean;
}
export interface StatusCommand {
  readonly verb: "status";
  readonly model: string;
}
export interface HelpCommand {
  readonly verb: "help";
}
export type Command = CheckCommand | StatusCommand | HelpCommand;
export type Parsed = Command | Misunderstood;

/** The words that mean something in this installation. */
export interface Vocabulary {
  readonly models: readonly {
    readonly id: string;
    readonly name: string;
    readonly aliases: readonly string[];
  }[];
  readonly plans: readonly string[];
}

export const vocabularyOf = (config: Pick<Config, "models" | "plans">): Vocabulary => ({
  models: config.models.map(({ id, name, aliases }) => ({ id, name, aliases })),
  plans: config.plans.map((plan) => plan.id),
});

export const verbs = ["check", "status", "help"] as const;
export type Verb = (typeof verbs)[number];
