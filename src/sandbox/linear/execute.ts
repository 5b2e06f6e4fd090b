import {
  execute,
  getNullableType,
  getOperationAST,
  GraphQLError,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  OperationTypeNode,
  parse,
  validate,
} from "graphql";
import type {
  DocumentNode,
  GraphQLFieldResolver,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
} from "graphql";
import type { Context, Resolver } from "./context.ts";
import { extensionsOf, linearError } from "./errors.ts";
import { mutations } from "./mutations.ts";
import { queries } from "./queries.ts";

/** A request that parses and is valid against the schema. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Its own name and its root fields: what failures are planned for. */
  readonly names: readonly string[];
}

export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

/** Gives the operation, or the errors that Linear answers with HTTP 400. */
export function readOperation(
  schema: GraphQLSchema,
  body: unknown,
): Operation | readonly GraphQLError[] {
  const { query, variables, operationName } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof query !== "string") return [new GraphQLError("the body has no query")];
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return [error as GraphQLError];
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const definition = getOperationAST(
    document,
    typeof operationName === "string" ? operationName : null,
  );
  if (definition == null)
    return [new GraphQLError("the document holds several operations: name one")];
  const fields = definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
  return {
    document,
    definition,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    names: [...fields, ...(definition.name === undefined ? [] : [definition.name.value])],
  };
}

/** Carries an operation out. Variables that do not fit are an error without data. */
export async function carryOut(
  schema: GraphQLSchema,
  operation: Operation,
  context: Context,
): Promise<GraphqlAnswer> {
  const result = await execute({
    schema,
    document: operation.document,
    operationName: operation.definition.name?.value ?? null,
    variableValues: operation.variables,
    rootValue: operation.definition.operation === OperationTypeNode.MUTATION ? mutations : queries,
    contextValue: context,
    fieldResolver,
  });
  const answer = JSON.parse(JSON.stringify(result)) as GraphqlAnswer;
  return result.errors === undefined
    ? answer
    : { errors: result.errors.map(toAnswered), data: answer.data ?? null };
}

/** An error as it is answered; what the schema found wrong has no code of Linear's own. */
export function toAnswered(error: GraphQLError): object {
  const { message, path, locations, extensions } = error.toJSON();
  const known = extensions?.["code"] !== undefined;
  return {
    message,
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    extensions: known ? extensions : extensionsOf("GRAPHQL_VALIDATION_FAILED", message),
  };
}

const fieldResolver: GraphQLFieldResolver<Readonly<Record<string, unknown>>, Context> = (
  source,
  args,
  context,
  info,
) => {
  const value = source[info.fieldName];
  if (typeof value === "function") return (value as Resolver)(args as never, context);
  if (value !== undefined) return value;
  if (source === queries || source === mutations) {
    throw linearError("FEATURE_NOT_ACCESSIBLE", `the sandbox does not serve ${info.fieldName}`);
  }
  return isNonNullType(info.returnType) ? emptyOf(info.returnType, info.fieldName) : null;
};

/** What the sandbox keeps no value for reads as the empty value of its type. */
function emptyOf(type: GraphQLOutputType, field: string): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [];
  if (isEnumType(inner)) return inner.getValues()[0]?.value;
  if (isScalarType(inner)) return emptyScalars[inner.name] ?? "";
  // A connection or an object reads as one whose own fields are empty.
  if (isObjectType(inner)) return {};
  throw linearError("FEATURE_NOT_ACCESSIBLE", `the sandbox keeps no ${field}`);
}

const emptyScalars: Readonly<Record<string, unknown>> = {
  Boolean: false,
  Int: 0,
  Float: 0,
  JSON: {},
  JSONObject: {},
  DateTime: new Date(0).toISOString(),
};
