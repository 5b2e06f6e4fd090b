/** A name that leads nowhere, as the C library of the tasks' image puts it and Python's clients pass it on. */
import { DialError } from "../net/wires.ts";

const words: Readonly<Record<string, readonly [errno: number, text: string]>> = {
  ENOTFOUND: [-2, "Name or service not known"],
  EAI_AGAIN: [-3, "Temporary failure in name resolution"],
  ENODATA: [-5, "No address associated with hostname"],
};

export interface NameError {
  errno: number;
  text: string;
}

/** Null where the dial failed after its name was resolved. */
export const nameErrorOf = (error: unknown): NameError | null => {
  const said = error instanceof DialError ? words[error.code] : undefined;
  return said === undefined ? null : { errno: said[0], text: said[1] };
};
