import { GraphQLError } from "graphql";

/** The codes of Linear's errors that the sandbox gives. */
export type LinearErrorCode =
  | "INPUT_ERROR"
  | "INVALID_INPUT"
  | "AUTHENTICATION_ERROR"
  | "FORBIDDEN"
  | "RATELIMITED"
  | "QUOTA_EXCEEDED"
  | "FEATURE_NOT_ACCESSIBLE"
  | "GRAPHQL_VALIDATION_FAILED"
  | "INTERNAL_SERVER_ERROR";

const kinds: Readonly<Record<LinearErrorCode, readonly [type: string, statusCode: number]>> = {
  INPUT_ERROR: ["invalid input", 400],
  INVALID_INPUT: ["invalid input", 400],
  AUTHENTICATION_ERROR: ["authentication error", 401],
  FORBIDDEN: ["forbidden", 403],
  RATELIMITED: ["ratelimited", 429],
  QUOTA_EXCEEDED: ["internal error", 400],
  FEATURE_NOT_ACCESSIBLE: ["feature not accessible", 400],
  GRAPHQL_VALIDATION_FAILED: ["graphql error", 400],
  INTERNAL_SERVER_ERROR: ["internal error", 500],
};

/** The `extensions` of an error, in the shape Linear answers. */
export const extensionsOf = (code: LinearErrorCode, forPeople: string): Record<string, unknown> => {
  const [type, statusCode] = kinds[code];
  return { type, code, statusCode, userError: statusCode < 500, userPresentableMessage: forPeople };
};

export const linearError = (
  code: LinearErrorCode,
  message: string,
  forPeople = message,
): GraphQLError => new GraphQLError(message, { extensions: extensionsOf(code, forPeople) });

/** What a second create with the same client-supplied id answers: HTTP 200, no data, this error. */
export const conflict = (entity: string, id: string): GraphQLError =>
  linearError(
    "INPUT_ERROR",
    `conflict on insert of ${entity}`,
    `Entity ${entity} with id ${id} already exists.`,
  );

export const notFound = (entity: string): GraphQLError =>
  linearError("INPUT_ERROR", `Entity not found: ${entity}`, `Could not find referenced ${entity}.`);

export const invalid = (detail: string): GraphQLError =>
  linearError("INVALID_INPUT", "Argument Validation Error", detail);
