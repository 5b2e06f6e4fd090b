import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { awsIdentity } from "#facts/aws-identity.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { loadBalancers } from "#facts/load-balancers.ts";
import { logLines } from "#facts/log-lines.ts";
import { logStreams } from "#facts/log-streams.ts";
import { ecsConsole } from "../console.ts";

interface Row {
  readonly label: string;
  readonly seen: string;
  readonly wanted: string;
}

/** A catalogue that is behind makes every other finding one about something else. */
export const catalogue = defineCheck({
  id: "identity/catalogue",
  question: "Does AWS have what hokusai.yaml names?",
  needs: { service: ecsService },
  optional: {
    balancers: loadBalancers,
    definition: ecsTaskDefinition,
    streams: logStreams,
    lines: logLines,
    identity: awsIdentity,
  },
  outcomes: {
    agree: ok(
      "Service, account, load balancers, container and log group are in AWS as hokusai.yaml names them.",
    ),
    drift: degraded(
      "hokusai.yaml names something that AWS does not have, or has under another name. This is about the catalogue, not about the service.",
      "Correct the names in hokusai.yaml, then check again: findings that rest on them may be about nothing.",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "health"),
  judge({ service, balancers, definition, streams, lines, identity }, { target }) {
    const { ecs, environment, logs } = target.service;
    const [, , , region, owner] = service?.arn.split(":") ?? [];
    const account = identity?.account ?? owner;
    const containers = definition?.current?.containers.map((one) => one.name);
    const rows: readonly (Row | null)[] = [
      {
        label: "ECS service",
        seen: service === null ? "not in AWS" : service.name,
        wanted: ecs.service,
      },
      account === undefined || environment.account === null
        ? null
        : { label: "account", seen: account, wanted: environment.account },
      region === undefined ? null : { label: "region", seen: region, wanted: environment.region },
      ...(balancers ?? []).map((one) => ({
        label: "load balancer",
        seen: one.found === null ? "not in AWS" : one.found.name,
        wanted: one.name,
      })),
      containers === undefined || ecs.container === null
        ? null
        : {
            label: "container",
            seen: containers.includes(ecs.container) ? ecs.container : containers.join(", "),
            wanted: ecs.container,
          },
      streams === undefined
        ? null
        : { label: "log group of the task definition", seen: streams.group, wanted: logs.group },
      lines === undefined
        ? null
        : {
            label: "log group",
            seen: lines.groups === null ? "not in AWS" : logs.group,
            wanted: logs.group,
          },
    ];
    const evidence = rows.filter((row) => row !== null);
    const wrong = evidence.filter((row) => row.seen !== row.wanted);
    return wrong.length === 0
      ? found("agree", `${evidence.length} of ${evidence.length} names are as in AWS`, evidence)
      : found(
          "drift",
          wrong.map((row) => `${row.label} ${row.wanted}: ${row.seen}`).join("; "),
          wrong,
        );
  },
});
