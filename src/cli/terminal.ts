import type { TerminalStyle } from "#reports/terminal.ts";

/** What a verb may do to the outside: print, and know what it prints on. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colour and live lines only where a person looks. */
  readonly style: TerminalStyle;
  readonly interactive: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function processTerminal(): Terminal {
  const interactive = process.stdout.isTTY;
  // oxlint-disable-next-line node/no-process-env -- handed on to config, which is the one that reads it
  const { env } = process;
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    style: {
      colour: interactive && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb",
      width: interactive ? process.stdout.columns : null,
    },
    interactive,
    cwd: process.cwd(),
    env,
  };
}
