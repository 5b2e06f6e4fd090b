import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type ECSClient,
} from "@aws-sdk/client-ecs";
import type { EcsPort, EcsService } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { listed, orNull, senseless, type Call } from "./call.ts";
import { toService, toServiceDeployment, toTask } from "./ecs-answers.ts";
import type { ToTaskDefinition } from "./task-definition.ts";
import { allPages, inGroups, present } from "./values.ts";

export interface EcsSetting {
  readonly client: ECSClient;
  readonly call: Call;
  readonly redactor: Redactor;
  readonly toTaskDefinition: ToTaskDefinition;
}

export function createEcsPort({ client, call, redactor, toTaskDefinition }: EcsSetting): EcsPort {
  const service = async (
    cluster: string,
    name: string,
    signal: AbortSignal,
  ): Promise<EcsService | null> => {
    const action = "ecs:DescribeServices";
    const answer = await orNull(
      call(action, signal, (options) =>
        client.send(new DescribeServicesCommand({ cluster, services: [name] }), options),
      ),
      "ClusterNotFoundException",
    );
    if (answer === null) return null;
    const one = answer.services?.[0];
    // INACTIVE services stay visible for a while after they were deleted.
    if (one !== undefined) return one.status === "INACTIVE" ? null : toService(one, redactor);
    if (answer.failures?.some((failure) => failure.reason === "MISSING") === true) return null;
    throw senseless(action, "neither a service nor a reason why there is none");
  };

  const tasks: EcsPort["tasks"] = async (cluster, serviceName, desiredStatus, signal) => {
    const arns = await orNull(
      allPages(async (nextToken) => {
        const answer = await call("ecs:ListTasks", signal, (options) =>
          client.send(
            new ListTasksCommand({ cluster, serviceName, desiredStatus, nextToken }),
            options,
          ),
        );
        return {
          items: listed("ecs:ListTasks", "taskArns", answer.taskArns),
          token: answer.nextToken,
        };
      }),
      "ServiceNotFoundException",
      "ClusterNotFoundException",
    );
    const described = await Promise.all(
      inGroups(arns ?? [], 100).map(async (group) => {
        const answer = await call("ecs:DescribeTasks", signal, (options) =>
          client.send(new DescribeTasksCommand({ cluster, tasks: [...group] }), options),
        );
        return listed("ecs:DescribeTasks", "tasks", answer.tasks);
      }),
    );
    return described.flat().map((task) => toTask(task, redactor));
  };

  return {
    service,
    tasks,
    taskDefinition: async (taskDefinition, signal) => {
      const action = "ecs:DescribeTaskDefinition";
      // A revision that never was, or was deleted, is a ClientException.
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(new DescribeTaskDefinitionCommand({ taskDefinition }), options),
        ),
        "ClientException",
      );
      if (answer === null) return null;
      if (answer.taskDefinition === undefined)
        throw senseless(action, "the answer has no taskDefinition");
      return toTaskDefinition(answer.taskDefinition);
    },
    deployments: async (cluster, name, signal) => {
      const answer = await call("ecs:ListServiceDeployments", signal, (options) =>
        client.send(
          new ListServiceDeploymentsCommand({ cluster, service: name, maxResults: 20 }),
          options,
        ),
      );
      return present(
        listed("ecs:ListServiceDeployments", "serviceDeployments", answer.serviceDeployments),
      )
        .map((one) => toServiceDeployment(one, redactor))
        .toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""));
    },
  };
}
