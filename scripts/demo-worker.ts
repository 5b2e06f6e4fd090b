/**
 * A process that runs demos, one after the other: loading and warming the program costs as much as a run.
 * Takes a fault a message, answers with what `hokusai demo --once --json` printed or with what went wrong.
 */
import { runCli } from "../src/cli/index.ts";
import { processTerminal } from "../src/cli/terminal.ts";

export type DemoAnswer = { readonly printed: string } | { readonly problem: string };

async function demo(fault: string): Promise<DemoAnswer> {
  let printed = "";
  let problem = "";
  const exitCode = await runCli(["demo", "--once", "--json", "--fault", fault], {
    ...processTerminal(),
    out: (text) => {
      printed += text;
    },
    err: (text) => {
      problem += text;
    },
  });
  return exitCode === 0 ? { printed } : { problem: problem || `it ended with ${exitCode}` };
}

process.on("message", (fault: string) => {
  void demo(fault).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
