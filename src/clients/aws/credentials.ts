import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import type { Redactor } from "#core/redact.ts";
import { toUnavailable } from "./call.ts";

type Credentials = Extract<NonNullable<ECSClientConfig["credentials"]>, (...args: never[]) => unknown>;
type Identity = Awaited<ReturnType<Credentials>>;

const renewBeforeMs = 5 * 60_000;
const notAborted = new AbortController().signal;

/**
 * Reads as another role: STS AssumeRole with the credentials of the SDK's own chain.
 * The one STS client of the SDK's tree is used, so that all services share one session.
 */
export function assumingRole(
  role: string,
  region: string,
  endpoint: string | undefined,
  redactor: Redactor,
): Credentials {
  let session: Promise<Identity> | null = null;

  const assume = async (): Promise<Identity> => {
    const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/nested-clients/sts");
    const client = new STSClient({ region, maxAttempts: 3, ...(endpoint === undefined ? {} : { endpoint }) });
    try {
      const answer = await client.send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "hokusai", DurationSeconds: 3_600 }),
      );
      const given = answer.Credentials;
      if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
        throw new Error(`sts:AssumeRole gave no credentials for ${role}`);
      }
      return {
        accessKeyId: given.AccessKeyId,
        secretAccessKey: given.SecretAccessKey,
        ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
        expiration: given.Expiration ?? new Date(Date.now() + 3_600_000),
      };
    } catch (error) {
      throw toUnavailable(`sts:AssumeRole on ${role}`, error, notAborted, redactor);
    } finally {
      client.destroy();
    }
  };

  return async () => {
    const held = await session?.catch(() => null);
    if (held?.expiration !== undefined && held.expiration.getTime() - Date.now() > renewBeforeMs) return held;
    session = assume();
    return session;
  };
}
