import { readFile, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, relative, resolve } from "node:path";
import { messageOf } from "#core/errors.ts";
import { fileProblem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { overlay, parseYaml } from "./source-tree.ts";
import type { TreeMap } from "./source-tree.ts";

/** Where package.json, the shipped catalogue and the shipped plans are. */
export const packageDirectory = resolve(import.meta.dirname, "..", "..");

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

/** Shorter where it is below the directory in which the reader stands. */
export function displayed(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? file : short;
}

/** Absolute paths, first the base and then what is laid over it. */
export async function catalogueFiles(
  given: string | undefined,
  explicit: readonly string[] | undefined,
  cwd: string,
): Promise<readonly string[]> {
  const named = explicit ?? given?.split(delimiter).map((part) => part.trim());
  const some = named?.filter((part) => part !== "") ?? [];
  if (some.length > 0) return some.map((part) => resolve(cwd, part));
  const own = join(cwd, "hokusai.yaml");
  return [(await exists(own)) ? own : join(packageDirectory, "hokusai.yaml")];
}

/** The directory that the catalogue names, or plans/ beside its first file, or the one we ship. */
export async function plansDirectory(
  files: readonly string[],
  named: { readonly path: string; readonly base: string } | null,
): Promise<string> {
  if (named !== null) return resolve(named.base, named.path);
  const beside = resolve(files[0] ?? packageDirectory, "..", "plans");
  return (await exists(beside)) ? beside : join(packageDirectory, "plans");
}

/** All files as one tree; null where one of them cannot be read. */
export async function readCatalogueFiles(
  files: readonly string[],
  cwd: string,
  problems: Problem[],
): Promise<TreeMap | null> {
  const texts = await Promise.all(
    files.map(async (file) => {
      try {
        return await readFile(file, "utf8");
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        const why =
          code === "ENOENT"
            ? "there is no such file"
            : `it cannot be read: ${code ?? messageOf(error)}`;
        problems.push(
          fileProblem(displayed(file, cwd), `${why} (named by HOKUSAI_CONFIG or taken by default)`),
        );
        return null;
      }
    }),
  );
  let whole: TreeMap | null = null;
  let unreadable = false;
  for (const [i, text] of texts.entries()) {
    if (text === null) unreadable = true;
    else {
      const parsed = parseYaml(text, displayed(files[i] ?? "", cwd));
      problems.push(...parsed.problems);
      if (parsed.problems.length > 0) unreadable = true;
      whole = whole === null ? parsed.tree : (overlay(whole, parsed.tree) as TreeMap);
    }
  }
  return unreadable ? null : whole;
}
