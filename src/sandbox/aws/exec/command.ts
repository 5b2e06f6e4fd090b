/**
 * The command line of a session. Nothing is executed on this machine: an agent that finds a shell starting
 * Python with a list of places does itself what such a program does, from the task's place in the network.
 */
import type { Inside } from "../../runtime/inside.ts";
import type { ExecAgents } from "../../world/state.ts";
import { probeOwn, probePlace } from "./probes.ts";
import type { Kind } from "./probes.ts";

/** Agents of ECS split the line as a shell would, and start its first word. */
const shellCommand = /^\/bin\/sh -c '([^']*)'$/s;
/** `"$P" -c "program" words`, and what is echoed without an interpreter, and the exit code at the end. */
const pythonCall = /"\$P" -c "(?:[^"\\]|\\.)*" ([\w.:\- ]+); fi; echo (\w+)=\$\?$/s;
const withoutPython = /then echo (\w+); else/;

export class StartError extends Error {}

/** Prints line by line what the command would; throws StartError where it cannot even be started. */
export const runCommand = async (
  command: string,
  inside: Inside,
  image: Pick<ExecAgents, "shell" | "python">,
  print: (line: string) => void,
): Promise<void> => {
  const script = shellCommand.exec(command)?.[1];
  const program = command.split(" ")[0] ?? "";
  if (script === undefined || !image.shell) {
    const text = `exec: "${program}": stat ${program}: no such file or directory`;
    throw new StartError(`Unable to start command: Failed to start pty: ${text}`);
  }
  const [, words = "", variable = ""] = pythonCall.exec(script) ?? [];
  if (words === "") {
    print("/bin/sh: 1: Syntax error: end of file unexpected");
    return;
  }
  if (!image.python) {
    print(withoutPython.exec(script)?.[1] ?? "");
    print(`${variable}=0`);
    return;
  }
  const [port = "", ...rest] = words.split(" ");
  const work = [probeOwn(inside, Number(port))];
  for (let at = 0; at + 3 < rest.length; at += 4) {
    const [name = "", kind = "", host = "", number = ""] = rest.slice(at, at + 4);
    work.push(probePlace(inside, name, kind as Kind, host, Number(number)));
  }
  await Promise.all(work.map(async (row) => print(JSON.stringify(await row))));
  print(`${variable}=0`);
};
