/**
 * Features that AWS refuses ("Listener rules for your Application Load Balancer") or that JavaScript
 * reads otherwise: look-around, back-references, Unicode classes, POSIX classes.
 */
const foreign = /\(\?<?[=!]|\\[1-9kpP]|\[\[[:.=]/u;

/** Escaped punctuation, which the strict grammar of JavaScript knows only in part. */
const punctuation = /\\([ !"#%&',\-:;<=>@_`~])/gu;

/** A regular expression of a rule for JavaScript; null where its meaning there is not certain. */
export function readRegex(source: string, flags = ""): RegExp | null {
  if (source === "" || foreign.test(source)) return null;
  const plain = source.replace(
    punctuation,
    (_, sign: string) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  try {
    return new RegExp(plain, `u${flags}`);
  } catch {
    return null;
  }
}

/** AWS does not document whether case counts in a regular expression: where that decides, nobody knows. */
export function regexFits(source: string, subject: string): "yes" | "no" | "maybe" {
  const [strict, loose] = [readRegex(source), readRegex(source, "i")];
  if (strict === null || loose === null) return "maybe";
  if (strict.test(subject)) return "yes";
  return loose.test(subject) ? "maybe" : "no";
}
