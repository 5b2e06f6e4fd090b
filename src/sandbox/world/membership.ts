/** What a task belongs to while it lives: a network interface, a target group, a Cloud Map service. */
import type { Service, Task, WorldState } from "./state.ts";
import { addressOf } from "./state.ts";

const detail = (task: Task, name: string): string =>
  task.attachments[0]?.details.find((one) => one.name === name)?.value ?? "";

export const attachInterface = (state: WorldState, service: Service, task: Task): void => {
  const subnetId = detail(task, "subnetId");
  const subnet = state.ec2.subnets.find((one) => one.subnetId === subnetId);
  if (subnet !== undefined) subnet.availableIpAddressCount -= 1;
  state.ec2.networkInterfaces.push({
    networkInterfaceId: detail(task, "networkInterfaceId"),
    vpcId: subnet?.vpcId ?? "",
    subnetId,
    availabilityZone: task.availabilityZone,
    privateIpAddress: addressOf(task) ?? "",
    groupIds: [...service.networkConfiguration.awsvpcConfiguration.securityGroups],
    description: `arn:aws:ecs:${state.region}:${state.account}:attachment/${task.attachments[0]?.id ?? ""}`,
    status: "in-use",
    interfaceType: "interface",
  });
};

/** The subnet that the task was to get an address of, where it has none left. */
export const fullSubnetOf = (state: WorldState, task: Task): string | null => {
  const subnetId = detail(task, "subnetId");
  const subnet = state.ec2.subnets.find((one) => one.subnetId === subnetId);
  return subnet !== undefined && subnet.availableIpAddressCount <= 0 ? subnetId : null;
};

/** Takes back what a task was planned with: no interface of it ever came to be. */
export const neverAttached = (task: Task): void => {
  for (const attachment of task.attachments) {
    attachment.status = "DELETED";
    attachment.details = attachment.details.filter((one) => one.name === "subnetId");
  }
  for (const container of task.containers) container.networkInterfaces = [];
};

export const detachInterface = (state: WorldState, task: Task): void => {
  const id = detail(task, "networkInterfaceId");
  const at = state.ec2.networkInterfaces.findIndex((one) => one.networkInterfaceId === id);
  const [gone] = at >= 0 ? state.ec2.networkInterfaces.splice(at, 1) : [];
  const subnet = state.ec2.subnets.find((one) => one.subnetId === gone?.subnetId);
  if (subnet !== undefined && subnet.contended !== true) subnet.availableIpAddressCount += 1;
  for (const attachment of task.attachments) attachment.status = "DELETED";
};

export const registerTarget = (
  state: WorldState,
  service: Service,
  task: Task,
  at: number,
): void => {
  for (const balancer of service.loadBalancers) {
    state.elb.targets.push({
      targetGroupArn: balancer.targetGroupArn,
      id: addressOf(task) ?? "",
      port: balancer.containerPort,
      availabilityZone: task.availabilityZone,
      state: "initial",
      reason: "Elb.RegistrationInProgress",
      description: "Target registration is in progress",
      registeredAt: at,
    });
  }
};

export const deregisterTarget = (state: WorldState, task: Task): void => {
  const address = addressOf(task);
  state.elb.targets = state.elb.targets.filter((target) => target.id !== address);
};

export const addDiscoveryInstance = (state: WorldState, service: Service, task: Task): void => {
  for (const registry of service.serviceRegistries) {
    const found = state.cloudMap.services.find((one) => one.arn === registry.registryArn);
    found?.instances.push({
      id: task.id,
      attributes: {
        AWS_INSTANCE_IPV4: addressOf(task) ?? "",
        AVAILABILITY_ZONE: task.availabilityZone,
        ECS_CLUSTER_NAME: task.clusterArn.split("/").at(-1) ?? "",
        ECS_SERVICE_NAME: service.name,
        ECS_TASK_DEFINITION_FAMILY: service.taskDefinition.split("/").at(-1)?.split(":")[0] ?? "",
        REGION: state.region,
      },
      healthStatus: "HEALTHY",
    });
  }
};

export const removeDiscoveryInstance = (state: WorldState, task: Task): void => {
  for (const service of state.cloudMap.services) {
    service.instances = service.instances.filter((one) => one.id !== task.id);
  }
};
