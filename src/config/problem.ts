import { HokusaiError } from "#core/errors.ts";

/** One thing that is wrong with the configuration. `file` is null for an environment variable. */
export interface Problem {
  readonly file: string | null;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly column: number;
  /** The key as an operator would write it, or the name of the variable; empty for syntax. */
  readonly path: string;
  readonly message: string;
}

export const environmentProblem = (name: string, message: string): Problem => ({
  file: null,
  line: 0,
  column: 0,
  path: name,
  message,
});

export const fileProblem = (file: string, message: string): Problem => ({
  file,
  line: 0,
  column: 0,
  path: "",
  message,
});

/** "hokusai.yaml:12:5 services.hokusai-api.ecs.port: expected ...". */
export function toLine(problem: Problem): string {
  const place = problem.line > 0 ? `:${problem.line}:${problem.column}` : "";
  const where = problem.file === null ? "environment" : `${problem.file}${place}`;
  return `${where}${problem.path === "" ? "" : ` ${problem.path}`}: ${problem.message}`;
}

/** Environment first, then file by file as they were read, then by line. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const files = [null, ...problems.flatMap(({ file }) => (file === null ? [] : [file]))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** All problems in one error, each once. */
export function configurationError(problems: readonly Problem[]): HokusaiError {
  const lines = [...new Set(inOrder(problems).map(toLine))];
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return new HokusaiError(
    "configuration",
    `the configuration has ${count}:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    { next: "docs/configuration.md explains every key and variable." },
  );
}
