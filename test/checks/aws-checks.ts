/** Every check of the AWS side, in the order of docs. */
import { dependencies } from "#checks/changes/dependencies.ts";
import { fixDeployed } from "#checks/changes/fix-deployed.ts";
import { recent } from "#checks/changes/recent.ts";
import { instances } from "#checks/discovery/instances.ts";
import { containerPort } from "#checks/ecs/container-port.ts";
import { environmentChange } from "#checks/ecs/environment-change.ts";
import { environment } from "#checks/ecs/environment.ts";
import { image } from "#checks/ecs/image.ts";
import { rollout } from "#checks/ecs/rollout.ts";
import { secrets } from "#checks/ecs/secrets.ts";
import { serviceEvents } from "#checks/ecs/service-events.ts";
import { serviceRunning } from "#checks/ecs/service-running.ts";
import { stoppedTasks } from "#checks/ecs/stopped-tasks.ts";
import { taskHealth } from "#checks/ecs/task-health.ts";
import { catalogue } from "#checks/identity/catalogue.ts";
import { chain } from "#checks/identity/chain.ts";
import { accessLog } from "#checks/load-balancer/access-log.ts";
import { errors } from "#checks/load-balancer/errors.ts";
import { healthCheck } from "#checks/load-balancer/health-check.ts";
import { onset as balancerOnset } from "#checks/load-balancer/onset.ts";
import { routing } from "#checks/load-balancer/routing.ts";
import { targetsMatchTasks } from "#checks/load-balancer/targets-match-tasks.ts";
import { targets } from "#checks/load-balancer/targets.ts";
import { attempt } from "#checks/logs/attempt.ts";
import { auth } from "#checks/logs/auth.ts";
import { database } from "#checks/logs/database.ts";
import { hub } from "#checks/logs/hub.ts";
import { listening as logListening } from "#checks/logs/listening.ts";
import { methodNotAllowed } from "#checks/logs/method-not-allowed.ts";
import { modelErrors } from "#checks/logs/model-errors.ts";
import { onset } from "#checks/logs/onset.ts";
import { redis } from "#checks/logs/redis.ts";
import { startup } from "#checks/logs/startup.ts";
import { stream } from "#checks/logs/stream.ts";
import { latency } from "#checks/metrics/latency.ts";
import { saturation } from "#checks/metrics/saturation.ts";
import { egressAuth } from "#checks/network/egress-auth.ts";
import { egressDatabase } from "#checks/network/egress-database.ts";
import { egressHub } from "#checks/network/egress-hub.ts";
import { egressRedis } from "#checks/network/egress-redis.ts";
import { freeAddresses } from "#checks/network/free-addresses.ts";
import { inbound } from "#checks/network/inbound.ts";
import { startReach } from "#checks/network/start-reach.ts";
import { vpcNames } from "#checks/network/vpc-dns.ts";
import type { Check } from "#core/check.ts";

export const awsChecks = [
  serviceRunning,
  rollout,
  stoppedTasks,
  serviceEvents,
  environment,
  environmentChange,
  containerPort,
  taskHealth,
  image,
  secrets,
  stream,
  startup,
  logListening,
  attempt,
  auth,
  redis,
  hub,
  database,
  methodNotAllowed,
  modelErrors,
  onset,
  targets,
  targetsMatchTasks,
  routing,
  healthCheck,
  errors,
  accessLog,
  balancerOnset,
  inbound,
  egressAuth,
  egressRedis,
  egressHub,
  egressDatabase,
  freeAddresses,
  startReach,
  vpcNames,
  instances,
  saturation,
  latency,
  recent,
  dependencies,
  fixDeployed,
  chain,
  catalogue,
] as unknown as readonly Check[];
