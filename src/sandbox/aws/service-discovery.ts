import type { DiscoveryService, Namespace } from "../world/state.ts";
import { optionalNumber, optionalText, requiredText, structures, textList } from "./call.ts";
import type { AwsCall, Operations } from "./call.ts";
import { AwsError } from "./error.ts";
import { sizeWithin, toPage } from "./paging.ts";
import type { Page } from "./paging.ts";

export const serviceDiscoveryOperations: Operations = {
  ListNamespaces: (call) => {
    const { namespaces, services } = call.state.cloudMap;
    const page = pageOf(
      call,
      filtered(call, namespaces, {
        TYPE: (one) => one.type,
        NAME: (one) => one.name,
        HTTP_NAME: (one) => one.name,
      }),
    );
    return {
      Namespaces: page.items.map((one) => ({
        Id: one.id,
        Arn: one.arn,
        Name: one.name,
        Type: one.type,
        ServiceCount: services.filter((each) => each.namespaceId === one.id).length,
        Properties: {
          DnsProperties:
            one.type === "HTTP" ? undefined : { HostedZoneId: one.hostedZoneId, SOA: { TTL: 15 } },
          HttpProperties: { HttpName: one.name },
        },
      })),
      NextToken: page.next,
    };
  },

  ListServices: (call) => {
    const found = filtered(call, call.state.cloudMap.services, {
      NAMESPACE_ID: (one) => one.namespaceId,
    });
    const page = pageOf(call, found);
    return {
      Services: page.items.map((one) => ({
        Id: one.id,
        Arn: one.arn,
        Name: one.name,
        Type: one.dnsRecords.length === 0 ? "HTTP" : "DNS_HTTP",
        InstanceCount: one.instances.length,
        DnsConfig: {
          NamespaceId: one.namespaceId,
          RoutingPolicy: "MULTIVALUE",
          DnsRecords: one.dnsRecords.map(({ type, ttl }) => ({ Type: type, TTL: ttl })),
        },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      })),
      NextToken: page.next,
    };
  },

  ListInstances: (call) => {
    const page = pageOf(call, serviceById(call).instances);
    return {
      Instances: page.items.map((one) => ({ Id: one.id, Attributes: one.attributes })),
      NextToken: page.next,
    };
  },

  GetInstancesHealthStatus: (call) => {
    const service = serviceById(call);
    const wanted = textList(call, "Instances", 64);
    const absent = wanted.find((id) => !service.instances.some((one) => one.id === id));
    if (absent !== undefined) {
      throw new AwsError("InstanceNotFound", `The instance '${absent}' was not found.`);
    }
    const page = pageOf(
      call,
      service.instances.filter((one) => wanted.length === 0 || wanted.includes(one.id)),
    );
    return {
      Status: Object.fromEntries(page.items.map((one) => [one.id, one.healthStatus])),
      NextToken: page.next,
    };
  },

  DiscoverInstances: (call) => {
    const namespace = namespaceNamed(call, requiredText(call, "NamespaceName"));
    const name = requiredText(call, "ServiceName");
    const service = call.state.cloudMap.services.find(
      (one) => one.namespaceId === namespace.id && one.name === name,
    );
    if (service === undefined) {
      throw new AwsError("ServiceNotFound", `No service '${name}' in '${namespace.name}'.`);
    }
    const instances = withHealth(service, optionalText(call, "HealthStatus"));
    const max = optionalNumber(call, "MaxResults") ?? 100;
    return {
      Instances: instances.slice(0, max).map((one) => ({
        InstanceId: one.id,
        NamespaceName: namespace.name,
        ServiceName: service.name,
        HealthStatus: one.healthStatus,
        Attributes: one.attributes,
      })),
      InstancesRevision: service.instances.length,
    };
  },
};

const serviceById = (call: AwsCall): DiscoveryService => {
  const id = requiredText(call, "ServiceId");
  const service = call.state.cloudMap.services.find((one) => one.id === id || one.arn === id);
  if (service === undefined) {
    throw new AwsError("ServiceNotFound", `No service with the id '${id}' was found.`);
  }
  return service;
};

const namespaceNamed = (call: AwsCall, name: string): Namespace => {
  const namespace = call.state.cloudMap.namespaces.find((one) => one.name === name);
  if (namespace !== undefined) return namespace;
  throw new AwsError("NamespaceNotFound", `No namespace with the name '${name}' was found.`);
};

/** Fails open where nothing is healthy, unless a state was asked for by name. */
const withHealth = (service: DiscoveryService, wanted = "HEALTHY_OR_ELSE_ALL") => {
  const healthy = service.instances.filter((one) => one.healthStatus === "HEALTHY");
  if (wanted === "ALL") return service.instances;
  if (wanted === "HEALTHY") return healthy;
  if (wanted === "UNHEALTHY") {
    return service.instances.filter((one) => one.healthStatus === "UNHEALTHY");
  }
  return healthy.length === 0 ? service.instances : healthy;
};

const filtered = <Item>(
  call: AwsCall,
  items: readonly Item[],
  names: Readonly<Record<string, (item: Item) => string>>,
): Item[] => {
  const tests = structures(call, "Filters").map((filter) => {
    const valueOf = names[String(filter["Name"])];
    if (valueOf === undefined) {
      throw new AwsError("InvalidInput", `The filter '${String(filter["Name"])}' is not valid.`);
    }
    const values = Array.isArray(filter["Values"]) ? filter["Values"].map(String) : [];
    const prefix = filter["Condition"] === "BEGINS_WITH";
    return (item: Item) =>
      values.some((one) => (prefix ? valueOf(item).startsWith(one) : valueOf(item) === one));
  });
  return items.filter((item) => tests.every((test) => test(item)));
};

const pageOf = <Item>(call: AwsCall, items: readonly Item[]): Page<Item> => {
  const invalid = new AwsError("InvalidInput", "MaxResults must be between 1 and 100.");
  const size = sizeWithin(optionalNumber(call, "MaxResults"), 100, 100, invalid);
  const invalidToken = new AwsError("InvalidInput", "NextToken is not valid.");
  return toPage(items, optionalText(call, "NextToken"), size, invalidToken);
};
