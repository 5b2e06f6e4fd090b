import { deployRevision, registerRevision } from "../world/deploy.ts";
import { loadBalancerArns } from "../world/initial/balancers.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { apiService } from "./fault.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const catalogueDrift: Fault = {
  id: "catalogue-drift",
  title:
    "The second load balancer was renamed, and the release logs to another group: hokusai.yaml is behind",
  system: "catalogue",
  ...undoable((world) => {
    const balancer = world.elb.loadBalancers.find((one) => one.arn === loadBalancerArns.data);
    const [group] = world.logs.groups;
    const service = serviceNamed(world, apiService);
    const before = taskDefinitionOf(world, service.taskDefinition);
    if (balancer === undefined || group === undefined || before === undefined) return null;
    const { name } = balancer;
    balancer.name = "hokusai-data-development";
    const renamed = "/hokusai/api/development";
    world.logs.groups.push({ ...group, name: renamed, streams: [] });
    const revision = registerRevision(world, service, (container) => {
      const options = container.logConfiguration?.options;
      if (options !== undefined) options["awslogs-group"] = renamed;
    });
    deployRevision(world, service, revision);
    return () => {
      balancer.name = name;
      deployRevision(world, service, before);
      world.logs.groups = world.logs.groups.filter((one) => one.name !== renamed);
    };
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
