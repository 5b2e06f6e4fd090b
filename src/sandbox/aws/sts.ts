import { hexId } from "../world/state.ts";
import { optionalNumber, requiredText } from "./call.ts";
import type { Caller, Operations } from "./call.ts";
import { invalidInput } from "./error.ts";

/** Remembers who got which temporary key, so that later calls are made by that role. */
export interface Sessions {
  /** The caller behind an access key; one that this server did not give out is `fallback`. */
  callerOf(accessKeyId: string, fallback: Caller): Caller;
  remember(accessKeyId: string, caller: Caller): void;
}

export const createSessions = (): Sessions => {
  const sessions = new Map<string, Caller>();
  return {
    callerOf: (accessKeyId, fallback) => sessions.get(accessKeyId) ?? fallback,
    remember: (accessKeyId, caller) => {
      sessions.set(accessKeyId, caller);
    },
  };
};

export const createStsOperations = (sessions: Sessions): Operations => ({
  GetCallerIdentity: (call) => ({
    Arn: call.caller.arn,
    UserId: `AROAEXAMPLE:${call.caller.arn.split("/").at(-1)}`,
    Account: call.caller.account,
  }),

  AssumeRole: (call) => {
    const roleArn = requiredText(call, "RoleArn");
    const session = requiredText(call, "RoleSessionName");
    const match = /^arn:aws:iam::(?<account>\d{12}):role\/(?<path>.+)$/u.exec(roleArn);
    if (match?.groups === undefined) throw invalidInput(call.api, `${roleArn} is invalid`);
    const account = match.groups["account"] ?? "";
    const role = match.groups["path"]?.split("/").at(-1) ?? "";
    const arn = `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
    const accessKeyId = `ASIA${hexId(16).toUpperCase()}`;
    sessions.remember(accessKeyId, { arn, account });
    const seconds = optionalNumber(call, "DurationSeconds") ?? 3600;
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: hexId(40),
        SessionToken: hexId(64),
        // The SDK compares it with the real clock.
        Expiration: new Date(Date.now() + seconds * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: `AROAEXAMPLE:${session}`, Arn: arn },
      PackedPolicySize: 0,
    };
  },
});
