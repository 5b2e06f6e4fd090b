/**
 * A CloudWatch filter pattern that lets any line through which may be a complaint or a start.
 * `?a ?b` is "a or b", case-sensitive; AWS allows 1,024 characters.
 */
const terms = [
  "ERROR",
  "Error",
  "error",
  "CRITICAL",
  "FATAL",
  "Traceback",
  "Exception",
  "exception",
  "imeout",
  "timed out",
  "refused",
  "reset",
  "nreachable",
  "navailable",
  "enied",
  "ailed",
  "annot",
  "could not",
  "not set",
  "not found",
  "missing",
  "Missing",
  "equired",
  '" 405',
  '" 50',
  "405",
  "not known",
  "name resolution",
  "not resolve",
  "nable to resolve",
  "No address",
  "o such host",
  "Errno",
  "ENOTFOUND",
  "EAI_AGAIN",
  "DNS server",
  "No module",
  "Started server",
  "application startup",
  "Booting worker",
  "Uvicorn running",
];
const longest = 1_024;

export function filterPattern(words: readonly string[]): string {
  let pattern = "";
  for (const term of [...terms, ...words]) {
    const next = `${pattern} ?${JSON.stringify(term)}`.trim();
    if (next.length > longest) break;
    pattern = next;
  }
  return pattern;
}
