import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from "graphql";
import type {
  GraphQLFieldConfigMap,
  GraphQLFieldConfigArgumentMap,
  GraphQLInputFieldConfigMap,
  GraphQLInputType,
  GraphQLNamedType,
  GraphQLOutputType,
} from "graphql";
import { readDeclarations } from "./declarations.ts";
import type { Declaration, Declarations, Reference } from "./declarations.ts";

type Fields = Readonly<Record<string, Reference>>;
type Structure = Extract<Declaration, { readonly fields: Fields }>;

let derived: GraphQLSchema | undefined;

/** The whole schema of Linear's API, derived once a process from @linear/sdk's type declarations. */
export const linearSchema = (): GraphQLSchema => (derived ??= toSchema(readDeclarations()));

function toSchema({ scalars, types }: Declarations): GraphQLSchema {
  const builtIn: GraphQLNamedType[] = [
    GraphQLID,
    GraphQLString,
    GraphQLBoolean,
    GraphQLInt,
    GraphQLFloat,
  ];
  const named = new Map<string, GraphQLNamedType>(builtIn.map((type) => [type.name, type]));
  const lowerCase = new Map([...types.keys()].map((name) => [name.toLowerCase(), name]));
  const implementers = new Map<string, string[]>();

  const reference = ({ name, list, required }: Reference): GraphQLOutputType & GraphQLInputType => {
    const type = named.get(name) as GraphQLOutputType & GraphQLInputType;
    const inner = list ? new GraphQLList(new GraphQLNonNull(type)) : type;
    return (required ? new GraphQLNonNull(inner) : inner) as GraphQLOutputType & GraphQLInputType;
  };
  const inputs = (fields: Fields): GraphQLInputFieldConfigMap & GraphQLFieldConfigArgumentMap =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, { type: reference(field) }]),
    );
  // The generator names the arguments of a field after it, in its own capitals ("GitHubPr").
  const argumentsOf = (owner: string, field: string): GraphQLFieldConfigArgumentMap => {
    const declared = types.get(lowerCase.get(`${owner}${field}args`.toLowerCase()) ?? "");
    return declared?.kind === "input" ? inputs(declared.fields) : {};
  };
  const outputs = (owner: string, { fields }: Structure): GraphQLFieldConfigMap<unknown, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        { type: reference(field), args: argumentsOf(owner, name) },
      ]),
    );
  const parents = (names: readonly string[]) => () =>
    names.map((name) => named.get(name) as GraphQLInterfaceType);
  const resolveType = (value: unknown) => (value as { readonly __typename?: string }).__typename;

  for (const name of scalars) {
    if (!named.has(name)) named.set(name, new GraphQLScalarType({ name }));
  }
  for (const [name, type] of types) {
    if (type.kind === "enum") {
      const values = Object.values(type.values).map((value) => [value, { value }]);
      named.set(name, new GraphQLEnumType({ name, values: Object.fromEntries(values) }));
    } else if (type.kind === "union") {
      const members = () => type.members.map((member) => named.get(member) as GraphQLObjectType);
      named.set(name, new GraphQLUnionType({ name, types: members, resolveType }));
    } else if (type.kind === "input") {
      named.set(name, new GraphQLInputObjectType({ name, fields: () => inputs(type.fields) }));
    } else {
      const common = {
        name,
        interfaces: parents(type.interfaces),
        fields: () => outputs(name, type),
      };
      for (const parent of type.interfaces) {
        implementers.set(parent, [...(implementers.get(parent) ?? []), name]);
      }
      named.set(
        name,
        type.kind === "interface"
          ? new GraphQLInterfaceType({ ...common, resolveType })
          : new GraphQLObjectType(common),
      );
    }
  }
  const objects = [...implementers.values()]
    .flat()
    .map((name) => named.get(name) as GraphQLNamedType);
  return new GraphQLSchema({
    query: named.get("Query") as GraphQLObjectType,
    mutation: named.get("Mutation") as GraphQLObjectType,
    types: objects,
    assumeValid: true,
  });
}
