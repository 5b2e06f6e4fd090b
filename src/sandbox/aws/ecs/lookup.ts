import type { Cluster, Service, TaskDefinition, WorldState } from "../../world/state.ts";
import { optionalText, requiredText } from "../call.ts";
import type { AwsCall } from "../call.ts";
import { AwsError } from "../error.ts";
import { sizeWithin, toPage } from "../paging.ts";
import type { Page } from "../paging.ts";

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", message);

/** The last part of an ARN or short form: "arn:...:service/cluster/name" and "name" are the same. */
export const shortName = (arnOrName: string): string => arnOrName.split("/").at(-1) ?? arnOrName;

export const matches = (resource: { arn: string }, name: string, arnOrName: string): boolean =>
  arnOrName.startsWith("arn:") ? resource.arn === arnOrName : name === arnOrName;

export const findCluster = (state: WorldState, arnOrName: string): Cluster | undefined =>
  state.ecs.clusters.find((one) => matches(one, one.name, arnOrName));

/** The cluster of a request; ECS takes "default" where none is named. */
export const clusterOf = (call: AwsCall): Cluster => {
  const cluster = findCluster(call.state, optionalText(call, "cluster") ?? "default");
  if (cluster === undefined) throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  return cluster;
};

export const findService = (
  state: WorldState,
  cluster: Cluster,
  arnOrName: string,
): Service | undefined =>
  state.ecs.services.find(
    (one) => one.clusterArn === cluster.arn && matches(one, one.name, arnOrName),
  );

export const serviceOf = (call: AwsCall, member: string): Service => {
  const wanted = requiredText(call, member);
  const service = findService(call.state, clusterOf(call), wanted);
  if (service === undefined) throw new AwsError("ServiceNotFoundException", "Service not found.");
  return service;
};

/** By ARN, family:revision, or family: then its newest active revision. */
export const findTaskDefinition = (
  state: WorldState,
  wanted: string,
): TaskDefinition | undefined => {
  const definitions = state.ecs.taskDefinitions;
  const exact = definitions.find(
    (one) => one.arn === wanted || `${one.family}:${one.revision}` === wanted,
  );
  if (exact !== undefined) return exact;
  return definitions
    .filter((one) => one.family === shortName(wanted) && one.status === "ACTIVE")
    .toSorted((left, right) => right.revision - left.revision)[0];
};

export const pageOf = <Item>(
  call: AwsCall,
  items: readonly Item[],
  sizes: { fallback: number; max: number },
): Page<Item> => {
  const wanted = call.input["maxResults"];
  const invalid = invalidParameter(`maxResults must be within 1 and ${sizes.max}`);
  const size = sizeWithin(
    wanted === undefined || wanted === null ? undefined : Number(wanted),
    sizes.fallback,
    sizes.max,
    invalid,
  );
  const token = optionalText(call, "nextToken");
  return toPage(items, token, size, invalidParameter("Invalid token."));
};
