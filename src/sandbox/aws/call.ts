import type { WorldState } from "../world/state.ts";
import type { AnswerBody } from "./answer.ts";
import type { AwsApi } from "./api.ts";
import { AwsError, invalidInput } from "./error.ts";

export interface Caller {
  /** "arn:aws:sts::123456789012:assumed-role/name/session". */
  readonly arn: string;
  readonly account: string;
}

/** One request, read: `input` has the members as the wire names them; Query leaves are strings. */
export interface AwsCall {
  readonly state: WorldState;
  readonly api: AwsApi;
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
}

/** Answers one action from the state, or throws AwsError. */
export type Operation = (call: AwsCall) => AnswerBody;
export type Operations = Readonly<Record<string, Operation>>;

export const toDate = (milliseconds: number | undefined): Date | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds);

export const optionalText = (call: AwsCall, member: string): string | undefined => {
  const value = call.input[member];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw invalidInput(call.api, `${member} must be a string`);
  return value;
};

export const requiredText = (call: AwsCall, member: string): string => {
  const value = optionalText(call, member);
  if (value !== undefined) return value;
  if (call.api.protocol === "ec2") {
    const message = `The request must contain the parameter ${member}`;
    throw new AwsError("MissingParameter", message);
  }
  throw invalidInput(call.api, `${member} is required`);
};

/** A list of strings; absent, empty and null are []. More than `max` is refused. */
export const textList = (call: AwsCall, member: string, max = 1000): string[] => {
  const value = call.input[member];
  if (value === undefined || value === null || value === "") return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === "string")) {
    throw invalidInput(call.api, `${member} must be a list of strings`);
  }
  if (list.length > max) {
    throw invalidInput(
      call.api,
      `${member} has ${list.length} entries; at most ${max} are allowed`,
    );
  }
  return list;
};

export const optionalNumber = (call: AwsCall, member: string): number | undefined => {
  const value = call.input[member];
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) throw invalidInput(call.api, `${member} must be a number`);
  return number;
};

export const flag = (call: AwsCall, member: string): boolean =>
  call.input[member] === true || call.input[member] === "true";

/** A list of structures; absent is []. */
export const structures = (call: AwsCall, member: string): Record<string, unknown>[] => {
  const value = call.input[member];
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === "object" && item !== null);
};

/** A JSON timestamp member (epoch seconds) in milliseconds. */
export const optionalTime = (call: AwsCall, member: string): number | undefined => {
  const seconds = optionalNumber(call, member);
  return seconds === undefined ? undefined : seconds * 1000;
};
