import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { ecsService } from "./ecs-service.ts";

/**
 * The instances that service discovery answers with: those of the registry that ECS keeps, else by the name
 * in the catalogue. Null: the registry or name does not exist.
 */
export const cloudMapInstances = defineFact({
  id: "cloud-map-instances",
  needs: { service: ecsService },
  permissions: [
    "servicediscovery:ListInstances",
    "servicediscovery:GetInstancesHealthStatus",
    "servicediscovery:DiscoverInstances",
  ],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, facts: { service }, signal }) => {
    const registry = service?.registries[0];
    if (registry !== undefined) return ports.discovery.instances(registry, signal);
    const host = target.service.discovery?.host ?? null;
    const [name, ...namespace] = host?.split(".") ?? [];
    if (name === undefined || namespace.length === 0) {
      throw notApplicable(
        "the service has no registry and the catalogue names no internal host",
        "name it under discovery in hokusai.yaml",
      );
    }
    return ports.discovery.discover(namespace.join("."), name, signal);
  },
});
