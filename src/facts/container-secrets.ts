import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";
import { mainContainer } from "./task-definition/main-container.ts";

/** ":secret:name-AbCdEf:json-key:stage:id": what follows the name is not part of the secret's ARN. */
const secretArn = (from: string): string | null =>
  /^arn:aws[\w-]*:secretsmanager:/u.test(from) ? from.split(":").slice(0, 7).join(":") : null;

/** Whether each secret that the task definition names is there. Values are never asked for. */
export const containerSecrets = defineFact({
  id: "container-secrets",
  needs: { definition: ecsTaskDefinition },
  permissions: ["secretsmanager:DescribeSecret"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 6_000,
  rereadable: true,
  gather: async ({ ports, target, facts: { definition }, signal }) => {
    const named = (mainContainer(definition.current, target)?.secrets ?? []).flatMap(
      ({ name, from }) => {
        const arn = secretArn(from);
        return arn === null ? [] : [{ name, arn }];
      },
    );
    if (named.length === 0) {
      throw notApplicable(
        "the task definition names no secret of Secrets Manager",
        "nothing to do: variables and parameters are not looked up",
      );
    }
    return Promise.all(
      named.map(async ({ name, arn }) => {
        const secret = await ports.registries.secret(arn, signal);
        return { name, arn, exists: secret !== null, deletedAt: secret?.deletedAt ?? null };
      }),
    );
  },
});
