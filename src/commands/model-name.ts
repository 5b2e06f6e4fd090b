import { listed, nearest } from "#core/nearest.ts";
import type { Vocabulary } from "./command.ts";
import { brief } from "./typed-text.ts";

type Named = Vocabulary["models"][number];
export type ModelFound =
  | { readonly ok: true; readonly model: string }
  | { readonly ok: false; readonly sentence: string; readonly meant: string | null };

/** "Model #21", "the model 21?" and "lead-scoring, please" to what is compared. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/gu, " ")
    .trim()
    .replace(/[\s?!.,;:]+$/u, "")
    .replace(/[\s,]+(?:please|pls|now)$/u, "")
    .replace(/^(?:the )?(?:models?|ids?)(?: |(?=[#\d]))/u, "")
    .replace(/^#\s?/u, "")
    .trim();

const namesOf = (model: Named): readonly string[] => [model.id, ...model.aliases, model.name];

/** "21 (Sales Lead Scoring v2; LSCOR, lead scoring)". */
const introduced = (model: Named): string => {
  const aliases = model.aliases.length > 0 ? `; ${model.aliases.join(", ")}` : "";
  return `${model.id} (${model.name}${aliases})`;
};

/** Ids, aliases and names, without regard to case. */
export function findModel(text: string, models: Vocabulary["models"]): ModelFound {
  const wanted = plain(text);
  const spelled = new Map(
    models
      .flatMap((model) => namesOf(model).map((name) => [plain(name), model] as const))
      .toReversed(),
  );
  for (const model of models) spelled.set(plain(model.id), model);
  const exact = spelled.get(wanted);
  if (exact !== undefined && wanted !== "") return { ok: true, model: exact.id };
  const known =
    models.length === 0
      ? "the catalogue has none"
      : `the models are ${listed(models.map(introduced))}`;
  if (wanted === "")
    return { ok: false, sentence: `Which model? ${capital(known)}.`, meant: models[0]?.id ?? null };
  // One wrong digit is another model, not a misspelt one: numbers are never near.
  const near = /^\d+$/u.test(wanted) ? null : nearest(wanted, spelled.keys());
  const meant = near === null ? null : (spelled.get(near) ?? null);
  const hint = meant === null ? "" : ` (did you mean ${meant.id}?)`;
  return {
    ok: false,
    sentence: `There is no model ${brief(text)}: ${known}${hint}.`,
    meant: meant?.id ?? null,
  };
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
