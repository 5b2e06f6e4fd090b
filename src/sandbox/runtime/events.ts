/** The sentences that ECS writes into a service's events. */
import { appendServiceEvent } from "../world/state.ts";
import type { Service, Task, WorldState } from "../world/state.ts";

const list = (tasks: Task[]): string => tasks.map((task) => `(task ${task.id})`).join(" ");

export const createEvents = (state: WorldState) => {
  const say = (service: Service, text: string): void =>
    appendServiceEvent(state, service, `(service ${service.name}) ${text}`);
  const groups = (service: Service, text: (arn: string) => string): void => {
    for (const { targetGroupArn } of service.loadBalancers) say(service, text(targetGroupArn));
  };
  return {
    started: (service: Service, tasks: Task[]) =>
      say(service, `has started ${tasks.length} tasks: ${list(tasks)}.`),
    stopped: (service: Service, tasks: Task[]) =>
      say(service, `has stopped ${tasks.length} running tasks: ${list(tasks)}.`),
    draining: (service: Service, tasks: Task[]) =>
      groups(service, () => `has begun draining connections on ${tasks.length} tasks.`),
    registered: (service: Service, count: number) =>
      groups(service, (arn) => `registered ${count} targets in (target-group ${arn})`),
    deregistered: (service: Service, count: number) =>
      groups(service, (arn) => `deregistered ${count} targets in (target-group ${arn})`),
    completed: (service: Service, id: string) =>
      say(service, `(deployment ${id}) deployment completed.`),
    failed: (service: Service, id: string) =>
      say(service, `(deployment ${id}) deployment failed: tasks failed to start.`),
    rollingBack: (service: Service, id: string) =>
      say(service, `rolling back to (deployment ${id}).`),
    steady: (service: Service) => say(service, "has reached a steady state."),
    unableToStart: (service: Service) =>
      say(
        service,
        "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
      ),
    unableToPlace: (service: Service, reason: string) =>
      say(
        service,
        `was unable to place a task. Reason: ${reason}. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
      ),
    unhealthyTarget: (service: Service, task: Task, port: number, arn: string, reason: string) =>
      say(
        service,
        `(task ${task.id}) (port ${port}) is unhealthy in (target-group ${arn}) due to (reason ${reason}).`,
      ),
    unhealthyContainer: (service: Service, task: Task) =>
      say(service, `(task ${task.id}) failed container health checks.`),
  };
};
