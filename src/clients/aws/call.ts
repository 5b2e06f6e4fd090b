import { messageOf } from "#core/errors.ts";
import { denied, FactUnavailable } from "#core/missing.ts";
import type { Redactor } from "#core/redact.ts";

const refusals = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "UnauthorizedException",
  "NotAuthorized",
  "Forbidden",
]);
const badCredentials = new Set([
  "AuthFailure",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "OptInRequired",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
  "UnrecognizedClientException",
]);
const throttles =
  /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException|SlowDown|BandwidthLimit/u;
const unknownOperations =
  /^(?:UnknownOperation(?:Exception)?|InvalidAction|NotImplemented|Unsupported\w*|501)$/u;
const networkCodes =
  /^(?:ECONN\w+|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|CERT_\w+|ERR_TLS\w*|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO\w*)$/u;
const credentialHelp =
  "give the bot AWS credentials: a task or instance role, AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY";

/** Runs one SDK call; `action` is its IAM name, as "ecs:DescribeServices". */
export type Call = <Answer>(
  action: string,
  signal: AbortSignal,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<Answer>,
) => Promise<Answer>;

/** Every way in which AWS can fail to answer becomes a FactUnavailable that says what would mend it. */
export const createCall =
  (redactor: Redactor): Call =>
  async (action, signal, send) => {
    try {
      return await send({ abortSignal: signal });
    } catch (error) {
      throw toUnavailable(action, error, signal, redactor);
    }
  };

/** The error code of AWS, "ResourceNotFoundException"; the prefix of the query protocols is cut. */
export const codeOf = (error: unknown): string => {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  const text =
    typeof name === "string" && name !== "Error" ? name : typeof code === "string" ? code : "";
  return text.replace(/^(?:Client|Server|AWS\.\w+)\./u, "");
};

/** For the codes that are answers: "there is no such thing". Everything else goes on. */
export async function orNull<Answer>(
  work: Promise<Answer>,
  ...codes: readonly string[]
): Promise<Answer | null> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof FactUnavailable ? error.cause : error;
    if (codes.includes(codeOf(cause))) return null;
    throw error;
  }
}

/** A list that the protocol promises: its absence is an answer that makes no sense, not "none". */
export function listed<Item>(
  action: string,
  name: string,
  list: readonly Item[] | undefined,
): readonly Item[] {
  if (Array.isArray(list)) return list;
  throw senseless(action, `the answer has no ${name}`);
}

export const senseless = (action: string, detail: string, cause?: unknown): FactUnavailable =>
  new FactUnavailable(
    {
      reason: "broken",
      detail: `${action}: ${detail}`,
      mend: "look at what answers at the AWS endpoint: a proxy, a firewall, or an emulator that lacks this call",
    },
    cause,
  );

export function toUnavailable(
  action: string,
  error: unknown,
  signal: AbortSignal,
  redactor: Redactor,
): FactUnavailable {
  if (error instanceof FactUnavailable) return error;
  const code = codeOf(error);
  const said = redactor.text(messageOf(error)).replace(/\s+/gu, " ").slice(0, 240);
  if (refusals.has(code)) return denied(action, `${action} refused: ${said}`, error);
  if (badCredentials.has(code)) {
    return unavailable(
      "denied",
      `${action}: AWS does not accept the credentials (${code})`,
      `renew them; ${credentialHelp}`,
      error,
    );
  }
  if (
    /CredentialsProviderError|TokenProviderError/u.test(code) ||
    /could not load credentials/iu.test(said)
  ) {
    return unavailable("denied", `${action}: no AWS credentials (${said})`, credentialHelp, error);
  }
  if (signal.aborted) {
    return unavailable(
      "timed-out-here",
      `${action}: no answer within our deadline`,
      "check again; where it stays, look at the network between the bot and AWS",
      error,
    );
  }
  if (throttles.test(code)) {
    return unavailable(
      "broken",
      `${action}: AWS throttled every attempt (${code})`,
      "check again in a minute; fewer tools asking at once help",
      error,
    );
  }
  return refusedByStatus(action, code, said, error);
}

function refusedByStatus(
  action: string,
  code: string,
  said: string,
  error: unknown,
): FactUnavailable {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (unknownOperations.test(code) || status === 501) {
    return senseless(action, `the endpoint does not know this call (${code || status})`, error);
  }
  const network = (error as { code?: unknown }).code;
  if (code === "TimeoutError" || (typeof network === "string" && networkCodes.test(network))) {
    return unavailable(
      "broken",
      `${action}: AWS cannot be reached (${said})`,
      "look at the network, proxy and DNS between the bot and the AWS endpoint",
      error,
    );
  }
  if (code === "SyntaxError" || /deserializ|Unexpected token|is not valid JSON|xml/iu.test(said)) {
    return senseless(action, `the answer is not what AWS sends (${said.slice(0, 120)})`, error);
  }
  if (status === 403) return denied(action, `${action} refused with status 403: ${said}`, error);
  return senseless(
    action,
    `${code || "error"}${status === undefined ? "" : ` (status ${status})`}: ${said}`,
    error,
  );
}

const unavailable = (
  reason: "denied" | "broken" | "timed-out-here",
  detail: string,
  mend: string,
  cause: unknown,
): FactUnavailable => new FactUnavailable({ reason, detail, mend }, cause);
