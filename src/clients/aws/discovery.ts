import {
  DiscoverInstancesCommand,
  GetInstancesHealthStatusCommand,
  ListInstancesCommand,
  type ServiceDiscoveryClient,
} from "@aws-sdk/client-servicediscovery";
import type { DiscoveryInstance, DiscoveryPort } from "#core/ports/aws.ts";
import { listed, orNull, type Call } from "./call.ts";
import { allPages } from "./values.ts";

export interface DiscoverySetting {
  readonly client: ServiceDiscoveryClient;
  readonly call: Call;
}

export function createDiscoveryPort({ client, call }: DiscoverySetting): DiscoveryPort {
  return {
    instances: async (service, signal) => {
      const ServiceId = service.slice(service.lastIndexOf("/") + 1);
      const instances = await orNull(
        allPages(async (NextToken) => {
          const action = "servicediscovery:ListInstances";
          const answer = await call(action, signal, (options) =>
            client.send(new ListInstancesCommand({ ServiceId, NextToken }), options),
          );
          return { items: listed(action, "Instances", answer.Instances), token: answer.NextToken };
        }),
        "ServiceNotFound",
      );
      if (instances === null) return null;
      const health = instances.length === 0 ? {} : await healthOf(ServiceId);
      return instances.map((one) => toInstance(one.Id, one.Attributes, health[one.Id ?? ""]));

      async function healthOf(id: string): Promise<Record<string, string>> {
        const answer = await orNull(
          call("servicediscovery:GetInstancesHealthStatus", signal, (options) =>
            client.send(new GetInstancesHealthStatusCommand({ ServiceId: id }), options),
          ),
          "InstanceNotFound",
        );
        return answer?.Status ?? {};
      }
    },
    discover: async (NamespaceName, ServiceName, signal) => {
      const action = "servicediscovery:DiscoverInstances";
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(
            new DiscoverInstancesCommand({ NamespaceName, ServiceName, HealthStatus: "ALL" }),
            options,
          ),
        ),
        "ServiceNotFound",
        "NamespaceNotFound",
      );
      if (answer === null) return null;
      return listed(action, "Instances", answer.Instances).map((one) =>
        toInstance(one.InstanceId, one.Attributes, one.HealthStatus),
      );
    },
  };
}

function toInstance(
  id: string | undefined,
  attributes: Record<string, string> | undefined,
  health: string | undefined,
): DiscoveryInstance {
  const port = Number(attributes?.["AWS_INSTANCE_PORT"]);
  return {
    id: id ?? "",
    address: attributes?.["AWS_INSTANCE_IPV4"] ?? attributes?.["AWS_INSTANCE_IPV6"] ?? null,
    port: Number.isInteger(port) && port > 0 ? port : null,
    health: health ?? null,
  };
}
