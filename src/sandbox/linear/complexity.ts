import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
} from "graphql";
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";

/** A query may cost at most this many points. */
export const LARGEST_QUERY = 10_000;
const DEFAULT_PAGE = 50;

/**
 * Linear's points: 0.1 for a property, 1 for an object, and what lies below a connection once for
 * every node of its page (`first`, 50 when it is not given). Rounded up.
 */
export function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }

  const pageOf = (field: FieldNode): number => {
    const size = field.arguments?.find(
      ({ name }) => name.value === "first" || name.value === "last",
    )?.value;
    if (size?.kind === Kind.INT) return Number(size.value);
    const given = size?.kind === Kind.VARIABLE ? variables[size.name.value] : undefined;
    return typeof given === "number" ? given : DEFAULT_PAGE;
  };

  const pointsOf = (
    selections: SelectionSetNode,
    parent: GraphQLCompositeType,
    page: number,
  ): number => {
    let points = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        points += pointsOfField(selection, parent, page);
      } else {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        if (fragment === undefined) continue;
        const type =
          fragment.typeCondition === undefined
            ? parent
            : schema.getType(fragment.typeCondition.name.value);
        if (type !== undefined && isCompositeType(type))
          points += pointsOf(fragment.selectionSet, type, page);
      }
    }
    return points;
  };

  const pointsOfField = (field: FieldNode, parent: GraphQLCompositeType, page: number): number => {
    const known =
      isObjectType(parent) || isInterfaceType(parent)
        ? parent.getFields()[field.name.value]
        : undefined;
    const type = known === undefined ? undefined : getNamedType(known.type);
    if (field.selectionSet === undefined || type === undefined || !isCompositeType(type))
      return 0.1;
    if (type.name.endsWith("Connection"))
      return 1 + pointsOf(field.selectionSet, type, pageOf(field));
    const times = field.name.value === "nodes" || field.name.value === "edges" ? page : 1;
    return times * (1 + pointsOf(field.selectionSet, type, page));
  };

  const root =
    operation.operation === OperationTypeNode.MUTATION
      ? schema.getMutationType()
      : schema.getQueryType();
  return root == null ? 0 : Math.ceil(pointsOf(operation.selectionSet, root, 1));
}
