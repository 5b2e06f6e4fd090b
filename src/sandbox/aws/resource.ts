import { arnOf } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";

/**
 * The resource that an AccessDenied message names; undefined where the API names none.
 * Describe calls of EC2 and ELBv2 have no resource-level permissions.
 */
export const resourceOf = (
  state: WorldState,
  action: string,
  input: Readonly<Record<string, unknown>>,
): string | undefined => {
  const [prefix = "", operation = ""] = action.split(":");
  if (prefix === "ec2" || prefix === "elasticloadbalancing") return undefined;
  if (prefix === "sts") return text(input["RoleArn"]);
  const named = resourceNamed[action]?.(state, input);
  if (named !== undefined) return named;
  if (prefix === "logs" && operation !== "DescribeLogGroups") {
    const name = text(input["logGroupName"]) ?? first(input["logGroupNames"]);
    const identifier = text(input["logGroupIdentifier"]) ?? first(input["logGroupIdentifiers"]);
    if (name === undefined) return identifier ?? "*";
    return arnOf(state, "logs", `log-group:${name}:log-stream:`);
  }
  return "*";
};

type Naming = (state: WorldState, input: Readonly<Record<string, unknown>>) => string | undefined;

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const first = (value: unknown): string | undefined =>
  Array.isArray(value) ? text(value[0]) : undefined;

const clusterName = (input: Readonly<Record<string, unknown>>): string =>
  (text(input["cluster"]) ?? "default").split("/").at(-1) ?? "default";

const inCluster =
  (kind: "service" | "task", member: string): Naming =>
  (state, input) => {
    const name = text(input[member]) ?? first(input[member]);
    if (name === undefined || name.startsWith("arn:")) return name;
    return arnOf(state, "ecs", `${kind}/${clusterName(input)}/${name}`);
  };

const resourceNamed: Readonly<Record<string, Naming>> = {
  "s3:ListBucket": (_, input) => `arn:aws:s3:::${text(input["Bucket"]) ?? "*"}`,
  "s3:GetObject": (_, input) =>
    `arn:aws:s3:::${text(input["Bucket"]) ?? "*"}/${text(input["Key"]) ?? "*"}`,
  "ecs:DescribeServices": inCluster("service", "services"),
  "ecs:DescribeTasks": inCluster("task", "tasks"),
  "ecs:ExecuteCommand": inCluster("task", "task"),
  "ecs:ListServiceDeployments": inCluster("service", "service"),
  "ecs:DescribeServiceDeployments": (_, input) => first(input["serviceDeploymentArns"]),
  "ecs:DescribeServiceRevisions": (_, input) => first(input["serviceRevisionArns"]),
  "ecs:DescribeClusters": (state, input) => {
    const name = first(input["clusters"]) ?? "default";
    return name.startsWith("arn:") ? name : arnOf(state, "ecs", `cluster/${name}`);
  },
  "ecr:DescribeImages": (state, input) =>
    arnOf(state, "ecr", `repository/${text(input["repositoryName"]) ?? "*"}`),
  "secretsmanager:DescribeSecret": (state, input) => {
    const id = text(input["SecretId"]) ?? "*";
    return id.startsWith("arn:") ? id : arnOf(state, "secretsmanager", `secret:${id}`);
  },
};
