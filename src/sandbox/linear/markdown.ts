/**
 * Linear keeps documents, not markdown: what is read back is written anew. The sandbox does the
 * changes that bite most: "* " for every bullet, no trailing blanks, never two empty lines.
 */
export function normalised(markdown: string): string {
  let inCode = false;
  const lines = markdown
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => {
      if (line.trimStart().startsWith("```")) inCode = !inCode;
      return inCode ? line : line.trimEnd().replace(/^(\s*)[-+] (?!\s*$)/, "$1* ");
    });
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
