import type { TaskDefinition } from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";
import { mainContainer } from "../task-definition/main-container.ts";

/** Where the tasks of a revision write. */
export interface LogPlace {
  readonly group: string;
  /** "api/hokusai-api/": a stream is named by this and the task's id. Null where the log driver names them otherwise. */
  readonly prefix: string | null;
}

/** By the log options of a definition; without the default log driver, by the catalogue's group alone. */
export function logPlaceOf(definition: TaskDefinition | null, target: Target): LogPlace {
  const container = mainContainer(definition, target);
  const options = container?.logs?.driver === "awslogs" ? container.logs.options : {};
  const prefix = options["awslogs-stream-prefix"];
  return {
    group: options["awslogs-group"] ?? target.service.logs.group,
    prefix: container === null || prefix === undefined ? null : `${prefix}/${container.name}/`,
  };
}
