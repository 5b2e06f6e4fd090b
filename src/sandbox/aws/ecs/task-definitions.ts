import type { TaskDefinition } from "../../world/state.ts";
import { optionalText, requiredText, toDate } from "../call.ts";
import type { Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { findTaskDefinition, invalidParameter, pageOf } from "./lookup.ts";

export const taskDefinitionOperations: Operations = {
  DescribeTaskDefinition: (call) => {
    const found = findTaskDefinition(call.state, requiredText(call, "taskDefinition"));
    if (found === undefined) {
      throw new AwsError("ClientException", "Unable to describe task definition.");
    }
    return { taskDefinition: toTaskDefinition(found), tags: [] };
  },

  ListTaskDefinitions: (call) => {
    const family = optionalText(call, "familyPrefix");
    const status = optionalText(call, "status") ?? "ACTIVE";
    const sort = optionalText(call, "sort") ?? "ASC";
    if (sort !== "ASC" && sort !== "DESC") throw invalidParameter("sort must be ASC or DESC");
    const ascending = call.state.ecs.taskDefinitions
      .filter((one) => (family === undefined || one.family === family) && one.status === status)
      .toSorted(
        (left, right) => left.family.localeCompare(right.family) || left.revision - right.revision,
      );
    const ordered = sort === "ASC" ? ascending : ascending.toReversed();
    const page = pageOf(call, ordered, { fallback: 100, max: 100 });
    return { taskDefinitionArns: page.items.map((one) => one.arn), nextToken: page.next };
  },
};

const toTaskDefinition = (definition: TaskDefinition) => {
  const { arn, registeredAt, ...rest } = definition;
  return {
    ...rest,
    taskDefinitionArn: arn,
    registeredAt: toDate(registeredAt),
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [],
    placementConstraints: [],
    volumes: [],
    containerDefinitions: definition.containerDefinitions.map((container) => ({
      ...container,
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    })),
  };
};
