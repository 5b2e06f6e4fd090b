import type { AwsApi } from "./api.ts";

/**
 * An error as AWS says it. `code` is the wire's own word for it (ClusterNotFoundException,
 * LoadBalancerNotFound, InvalidGroup.NotFound); `fields` are further members of a JSON error.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** `User: <arn> is not authorized to perform: <action> on resource: <arn> because ...`. */
export const accessDenied = (
  api: AwsApi,
  action: string,
  caller: string,
  resource: string | undefined,
): AwsError => {
  const on = resource === undefined ? "" : ` on resource: ${resource}`;
  const sentence =
    `User: ${caller} is not authorized to perform: ${action}${on} ` +
    `because no identity-based policy allows the ${action} action`;
  if (api.protocol === "ec2") {
    const message = `You are not authorized to perform this operation. ${sentence}`;
    return new AwsError("UnauthorizedOperation", message, { status: 403 });
  }
  if (api.protocol === "query" || api.protocol === "s3")
    return new AwsError("AccessDenied", sentence, { status: 403 });
  return new AwsError("AccessDeniedException", sentence);
};

export const throttled = (api: AwsApi): AwsError => {
  if (api.protocol === "ec2") {
    return new AwsError("RequestLimitExceeded", "Request limit exceeded.", { status: 503 });
  }
  if (api.protocol === "s3") {
    return new AwsError("SlowDown", "Please reduce your request rate.", { status: 503 });
  }
  if (api.protocol === "query" || api.queryCompatible === true) {
    return new AwsError("Throttling", "Rate exceeded");
  }
  return new AwsError("ThrottlingException", "Rate exceeded");
};

export const unknownAction = (api: AwsApi, operation: string): AwsError => {
  if (api.protocol === "json") return new AwsError("UnknownOperationException", "");
  if (api.protocol === "s3") {
    const message = "A header you provided implies functionality that is not implemented";
    return new AwsError("NotImplemented", message, { status: 501 });
  }
  const message =
    api.protocol === "ec2"
      ? `The action ${operation} is not valid for this web service.`
      : `Could not find operation ${operation} for version ${api.version}`;
  return new AwsError("InvalidAction", message);
};

export const missingSignature = (api: AwsApi): AwsError => {
  const message = "Request is missing Authentication Token";
  if (api.protocol === "ec2") {
    const text = "AWS was not able to validate the provided access credentials";
    return new AwsError("AuthFailure", text, { status: 401 });
  }
  if (api.protocol === "query") {
    return new AwsError("MissingAuthenticationToken", message, { status: 403 });
  }
  return new AwsError("MissingAuthenticationTokenException", message);
};

export const incompleteSignature = (api: AwsApi): AwsError => {
  const message = "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'.";
  if (api.protocol === "s3") return new AwsError("AuthorizationHeaderMalformed", message);
  const code = api.protocol === "json" ? "IncompleteSignatureException" : "IncompleteSignature";
  return new AwsError(code, message, { status: api.protocol === "json" ? 400 : 403 });
};

/** A required member was not sent, or does not have the form it must have. */
export const invalidInput = (api: AwsApi, message: string): AwsError =>
  api.protocol === "json"
    ? new AwsError(
        api.prefix === "ecs" ? "InvalidParameterException" : "ValidationException",
        message,
      )
    : new AwsError(api.protocol === "ec2" ? "InvalidParameterValue" : "ValidationError", message);
