/** What chat programs make of typed text, undone; then words, with quotes kept together. */

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

/** Slack's link markup, entities, smart quotes, and the dash that phones make of "--". */
export function asTyped(text: string): string {
  return text
    .slice(0, 4_000)
    .replace(/<(?:@|#|!)[^<>]{0,200}>/gu, " ")
    .replace(/<(?:mailto:|tel:)?([^<>|\s]{1,3000})(?:\|[^<>]{0,3000})?>/gu, "$1")
    .replace(/&(?:lt|gt|quot|#39|amp);/gu, (entity) => entities[entity] ?? entity)
    .replace(/[\u00A0\u2007\u202F\u3000]/gu, " ")
    .replace(/[\u200B-\u200D\u2060\uFEFF]/gu, "")
    .replace(/[\u201C\u201D\u201E\u00AB\u00BB]/gu, '"')
    .replace(/[\u2018\u2019\u201A]/gu, "'")
    .replace(/(^|\s)(?:[\u2012-\u2015]|\u2013\u2013)-?(?=[A-Za-z])/gu, "$1--")
    .replace(/`/gu, " ")
    .trim();
}

/** Words between spaces; a quote at the start of a word, or after "=", keeps spaces inside. */
export function toWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (const character of text) {
    if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? "") + character;
    } else if ((character === '"' || character === "'") && (word === null || word.endsWith("="))) {
      quote = character;
      word ??= "";
    } else if (/\s/u.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** What somebody wrote, quoted and short enough for a sentence. */
export const brief = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
