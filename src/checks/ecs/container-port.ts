import { cannotTell, defineCheck, failing, found, lacks, ok } from "#core/check.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTaskDefinition } from "#facts/ecs-task-definition.ts";
import { targetHealth } from "#facts/target-health.ts";
import { mainContainer } from "#facts/task-definition/main-container.ts";
import { targetGroupConsole } from "../console.ts";

/**
 * The ports that matter are the container's, the one that each target was registered with, and the one its
 * health check asks. The port of the target group itself is only a default, and differs in healthy services.
 */
export const containerPort = defineCheck({
  id: "ecs/container-port",
  question: "Do container port, target port and health-check port agree with the catalogue?",
  needs: { service: ecsService, definition: ecsTaskDefinition },
  optional: { health: targetHealth },
  outcomes: {
    agree: ok("Container, targets and health checks all use the port that the catalogue names."),
    differ: failing(
      "Somewhere on the path another port is used than the one the program listens on.",
      "Set the port mapping, the service's load balancer entry and the health-check port to the same number.",
    ),
  },
  noise: "read",
  consoleLink: targetGroupConsole,
  judge({ service, definition, health }, { target }) {
    const wanted = target.service.ecs.port;
    const container = mainContainer(definition.current, target);
    if (service === null || container === null) {
      return cannotTell(
        "no task definition of the service is known",
        "see ecs/service-running: there may be no service",
      );
    }
    const mapped = container.ports.map((port) => port.container);
    const targets = (health ?? [])
      .filter((group) => group.ofService)
      .flatMap((group) => group.targets);
    const places = [
      {
        label: `port mapping of ${container.name}`,
        ports: mapped.includes(wanted) ? [wanted] : mapped,
      },
      {
        label: "load balancer entry of the service",
        ports: service.loadBalancers.flatMap((one) => one.port ?? []),
      },
      { label: "registered targets", ports: targets.flatMap((one) => one.port ?? []) },
      {
        label: "health checks",
        ports: targets.flatMap((one) => Number(one.healthCheckPort ?? "") || []),
      },
    ];
    const evidence = places
      .filter((place) => place.ports.length > 0)
      .map((place) => ({
        label: place.label,
        seen: [...new Set(place.ports)].join(", "),
        wanted: `${wanted}`,
      }));
    const wrong = evidence.filter((one) => one.seen !== one.wanted);
    if (mapped.length === 0) {
      return found(
        "differ",
        `container ${container.name} maps no port, ${wanted} is wanted`,
        evidence,
      );
    }
    if (wrong.length === 0 && health === undefined) return lacks("health");
    return wrong.length === 0
      ? found("agree", `port ${wanted} everywhere`, evidence)
      : found(
          "differ",
          wrong.map((one) => `${one.label}: ${one.seen}, not ${wanted}`).join("; "),
          evidence,
        );
  },
});
