import type { DependencyPorts } from "#core/ports/dependencies.ts";
import { createHuggingFace } from "./huggingface.ts";
import { createMlflow } from "./mlflow.ts";
import { createPostgres } from "./postgres.ts";
import { createOutbound, type ProbeOptions } from "./probe/index.ts";
import { createRedis } from "./redis.ts";

/** Same options as createProbePorts: the same resolver, authorities, port map and address rules hold. */
export function createDependencyPorts(options: ProbeOptions): DependencyPorts {
  const outbound = createOutbound(options, "d");
  const { secrets } = options.config;
  return {
    redis: createRedis(outbound.connector, secrets, options.redactor),
    database: createPostgres(outbound.connector, secrets, options.redactor),
    hub: createHuggingFace(outbound, secrets),
    registry: createMlflow(outbound, secrets),
  };
}
