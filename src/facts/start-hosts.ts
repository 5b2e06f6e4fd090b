import { defineFact } from "#core/fact.ts";
import type { ContainerDefinition } from "#core/ports/aws.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";

/** A host that the platform asks on 443, through the task's own interface, before the program runs. */
export interface StartHost {
  readonly what: string;
  readonly host: string;
  /** The service whose VPC endpoint can stand in, "ecr.api"; null for what is not AWS. */
  readonly product: string | null;
  /** As seen from here; empty where the name does not resolve. */
  readonly addresses: readonly string[];
}

/**
 * What the next task has to reach to start: registry, secrets, logs. The addresses only choose which routes
 * and rules to look at. Source: "Amazon ECR interface VPC endpoints", considerations for Fargate from
 * platform version 1.4.0 on.
 */
export const startHosts = defineFact({
  id: "start-hosts",
  needs: { definition: ecsTaskDefinition },
  permissions: [],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, facts: { definition }, signal }) => {
    const { region } = target.service.environment;
    const asked = (definition.current?.containers ?? []).flatMap((one) => hostsOf(one, region));
    const once = new Map(asked.map((one) => [one.host, one]));
    return Promise.all(
      [...once.values()].map(async (one): Promise<StartHost> => {
        const { addresses } = await ports.probe.resolve(one.host, signal);
        return { ...one, addresses };
      }),
    );
  },
});

type Asked = Omit<StartHost, "addresses">;

function hostsOf(container: ContainerDefinition, region: string): readonly Asked[] {
  const { image, logs, secrets } = container;
  const aws = (what: string, product: string, at: string, name = product): Asked => ({
    what,
    host: `${name}.${at}.${at.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`,
    product,
  });
  const fromSecrets = secrets.map(({ from }) => {
    const [, , service, at = ""] = from.split(":");
    return service === "secretsmanager"
      ? aws("secrets", "secretsmanager", at || region)
      : aws("parameters", "ssm", at || region);
  });
  return [
    ...(image === null ? [] : registryHosts(image, aws)),
    ...fromSecrets,
    ...(logs?.driver === "awslogs"
      ? [aws("logs", "logs", logs.options["awslogs-region"] ?? region)]
      : []),
  ];
}

function registryHosts(
  image: string,
  aws: (what: string, product: string, at: string, name?: string) => Asked,
): readonly Asked[] {
  const [first = "", ...rest] = image.split("/");
  const at = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/u.exec(first)?.[1];
  if (at !== undefined) {
    return [
      aws("registry log-in", "ecr.api", at, "api.ecr"),
      { what: "image", host: first, product: "ecr.dkr" },
      // The registry hands out addresses of this bucket for an image's layers.
      aws("image layers", "s3", at, `prod-${at}-starport-layer-bucket.s3`),
    ];
  }
  const isHost = rest.length > 0 && /[.:]/u.test(first);
  const host = isHost ? first.replace(/:\d+$/u, "") : "registry-1.docker.io";
  return [
    { what: "image", host: host === "docker.io" ? "registry-1.docker.io" : host, product: null },
  ];
}
