import { createHmac, randomBytes } from "node:crypto";
import type {
  ContainerDefinition as SdkContainer,
  TaskDefinition as SdkTaskDefinition,
} from "@aws-sdk/client-ecs";
import type { ContainerDefinition, TaskDefinition } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { present, toIso } from "./values.ts";

export type ToTaskDefinition = (definition: SdkTaskDefinition) => TaskDefinition;

/**
 * DescribeTaskDefinition answers with the values of plain variables. They stop here: names go on,
 * and a hash keyed with bytes that live in this process only, so that two revisions can be compared.
 */
export function createToTaskDefinition(redactor: Redactor): ToTaskDefinition {
  const key = randomBytes(32);
  const fingerprint = (value: unknown): string =>
    createHmac("sha256", key)
      .update(JSON.stringify(value ?? null))
      .digest("hex")
      .slice(0, 16);

  const toContainer = (one: SdkContainer): ContainerDefinition => ({
    name: one.name ?? "",
    image: one.image ?? null,
    essential: one.essential ?? true,
    cpu: one.cpu ?? null,
    memory: one.memory ?? null,
    ports: present(one.portMappings).flatMap((port) =>
      port.containerPort === undefined
        ? []
        : [{ container: port.containerPort, protocol: port.protocol ?? "tcp" }],
    ),
    variables: present(one.environment).flatMap((pair) =>
      pair.name === undefined
        ? []
        : [
            {
              name: pair.name,
              empty: (pair.value ?? "").trim() === "",
              fingerprint: fingerprint(pair.value),
            },
          ],
    ),
    secrets: present(one.secrets).flatMap((pair) =>
      pair.name === undefined ? [] : [{ name: pair.name, from: pair.valueFrom ?? "" }],
    ),
    commandFingerprint: fingerprint([one.entryPoint ?? [], one.command ?? []]),
    logs: toLogs(one, redactor),
    healthCheck: toHealthCheck(one, redactor),
  });

  return (definition) => ({
    arn: definition.taskDefinitionArn ?? "",
    family: definition.family ?? "",
    revision: definition.revision ?? 0,
    registeredAt: toIso(definition.registeredAt),
    cpu: definition.cpu ?? null,
    memory: definition.memory ?? null,
    networkMode: definition.networkMode ?? null,
    executionRole: definition.executionRoleArn ?? null,
    taskRole: definition.taskRoleArn ?? null,
    containers: present(definition.containerDefinitions).map(toContainer),
  });
}

/** Options of other log drivers may hold tokens: only those of awslogs and the mode are kept. */
const toLogs = (one: SdkContainer, redactor: Redactor): ContainerDefinition["logs"] => {
  const logs = one.logConfiguration;
  if (logs?.logDriver === undefined) return null;
  const options = Object.entries(logs.options ?? {})
    .filter(([name]) => name.startsWith("awslogs-") || name === "mode")
    .map(([name, value]) => [name, redactor.text(value)] as const);
  return { driver: logs.logDriver, options: Object.fromEntries(options) };
};

const toHealthCheck = (one: SdkContainer, redactor: Redactor): ContainerDefinition["healthCheck"] =>
  one.healthCheck === undefined
    ? null
    : {
        command: redactor.text((one.healthCheck.command ?? []).join(" ")),
        intervalSeconds: one.healthCheck.interval ?? null,
        timeoutSeconds: one.healthCheck.timeout ?? null,
        retries: one.healthCheck.retries ?? null,
        startPeriodSeconds: one.healthCheck.startPeriod ?? null,
      };
