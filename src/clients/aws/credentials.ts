import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import type { Redactor } from "#core/redact.ts";
import { toUnavailable } from "./call.ts";

type Credentials = Extract<
  NonNullable<ECSClientConfig["credentials"]>,
  (...args: never[]) => unknown
>;
type Identity = Awaited<ReturnType<Credentials>>;

const renewBeforeMs = 5 * 60_000;
const notAborted = new AbortController().signal;

/**
 * Reads as another role: STS AssumeRole with the credentials of the SDK's own chain. The session is
 * shared by all clients, so that a run assumes the role once.
 */
export function assumingRole(
  role: string,
  region: string,
  endpoint: string | undefined,
  redactor: Redactor,
): Credentials {
  let session: Promise<Identity> | null = null;

  const assume = async (): Promise<Identity> => {
    const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
    const provider = fromTemporaryCredentials({
      params: { RoleArn: role, RoleSessionName: "hokusai", DurationSeconds: 3_600 },
      clientConfig: { region, maxAttempts: 3, ...(endpoint === undefined ? {} : { endpoint }) },
    });
    try {
      return await provider();
    } catch (error) {
      throw toUnavailable(`sts:AssumeRole on ${role}`, error, notAborted, redactor);
    }
  };

  return async () => {
    const held = await session?.catch(() => null);
    if (held?.expiration !== undefined && held.expiration.getTime() - Date.now() > renewBeforeMs) {
      return held;
    }
    session = assume();
    return session;
  };
}
