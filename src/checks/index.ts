import type { Check } from "#core/check.ts";
import { eachRequest } from "./api/each-request.ts";
import { health } from "./api/health.ts";
import { modelHealth } from "./api/model-health.ts";
import { modelInfo } from "./api/model-info.ts";
import { layers } from "./auth/layers.ts";
import { dependencies as dependencyChanges } from "./changes/dependencies.ts";
import { fixDeployed } from "./changes/fix-deployed.ts";
import { recent } from "./changes/recent.ts";
import { keyFormat } from "./client/key-format.ts";
import { refusals } from "./client/refusals.ts";
import { request as clientRequest } from "./client/request.ts";
import { auth as containerAuth } from "./container/auth.ts";
import { database as containerDatabase } from "./container/database.ts";
import { hub as containerHub } from "./container/hub.ts";
import { listening } from "./container/listening.ts";
import { names } from "./container/names.ts";
import { redis as containerRedis } from "./container/redis.ts";
import { auth as dependenciesAuth } from "./dependencies/auth.ts";
import { database as dependenciesDatabase } from "./dependencies/database.ts";
import { hub as dependenciesHub } from "./dependencies/hub.ts";
import { redis as dependenciesRedis } from "./dependencies/redis.ts";
import { instances } from "./discovery/instances.ts";
import { externalNames } from "./dns/external-names.ts";
import { internalName } from "./dns/internal-name.ts";
import { page } from "./docs/page.ts";
import { request as docsRequest } from "./docs/request.ts";
import { containerPort } from "./ecs/container-port.ts";
import { environmentChange } from "./ecs/environment-change.ts";
import { environment } from "./ecs/environment.ts";
import { image } from "./ecs/image.ts";
import { rollout } from "./ecs/rollout.ts";
import { secrets } from "./ecs/secrets.ts";
import { serviceEvents } from "./ecs/service-events.ts";
import { serviceRunning } from "./ecs/service-running.ts";
import { stoppedTasks } from "./ecs/stopped-tasks.ts";
import { taskHealth } from "./ecs/task-health.ts";
import { addresses } from "./edge/addresses.ts";
import { reach } from "./edge/reach.ts";
import { earlierIncidents } from "./history/earlier-incidents.ts";
import { catalogue } from "./identity/catalogue.ts";
import { chain } from "./identity/chain.ts";
import { accessLog } from "./load-balancer/access-log.ts";
import { errors } from "./load-balancer/errors.ts";
import { healthCheck } from "./load-balancer/health-check.ts";
import { onset as balancerOnset } from "./load-balancer/onset.ts";
import { routing } from "./load-balancer/routing.ts";
import { targetsMatchTasks } from "./load-balancer/targets-match-tasks.ts";
import { targets } from "./load-balancer/targets.ts";
import { attempt } from "./logs/attempt.ts";
import { auth as logsAuth } from "./logs/auth.ts";
import { database as logsDatabase } from "./logs/database.ts";
import { hub as logsHub } from "./logs/hub.ts";
import { listening as logListening } from "./logs/listening.ts";
import { methodNotAllowed } from "./logs/method-not-allowed.ts";
import { modelErrors } from "./logs/model-errors.ts";
import { onset as logsOnset } from "./logs/onset.ts";
import { redis as logsRedis } from "./logs/redis.ts";
import { startup } from "./logs/startup.ts";
import { stream } from "./logs/stream.ts";
import { latency as metricsLatency } from "./metrics/latency.ts";
import { saturation } from "./metrics/saturation.ts";
import { deployed } from "./model/deployed.ts";
import { registered } from "./model/registered.ts";
import { egressAuth } from "./network/egress-auth.ts";
import { egressDatabase } from "./network/egress-database.ts";
import { egressHub } from "./network/egress-hub.ts";
import { egressRedis } from "./network/egress-redis.ts";
import { freeAddresses } from "./network/free-addresses.ts";
import { inbound } from "./network/inbound.ts";
import { startReach } from "./network/start-reach.ts";
import { vpcNames } from "./network/vpc-dns.ts";
import { body } from "./prediction/body.ts";
import { invalidKey } from "./prediction/invalid-key.ts";
import { latency as predictionLatency } from "./prediction/latency.ts";
import { otherModel } from "./prediction/other-model.ts";
import { withKey } from "./prediction/with-key.ts";
import { withoutKey } from "./prediction/without-key.ts";
import { predict } from "./routes/predict.ts";
import { otherModels } from "./scope/other-models.ts";
import { certificates } from "./tls/certificates.ts";
import { request as traceRequest } from "./trace/request.ts";

/** Every check there is; test/architecture holds this list against the folder. */
export const allChecks: readonly Check[] = [
  eachRequest,
  health,
  modelHealth,
  modelInfo,
  layers,
  dependencyChanges,
  fixDeployed,
  recent,
  keyFormat,
  refusals,
  clientRequest,
  containerAuth,
  containerDatabase,
  containerHub,
  listening,
  names,
  containerRedis,
  dependenciesAuth,
  dependenciesDatabase,
  dependenciesHub,
  dependenciesRedis,
  instances,
  externalNames,
  internalName,
  page,
  docsRequest,
  containerPort,
  environmentChange,
  environment,
  image,
  rollout,
  secrets,
  serviceEvents,
  serviceRunning,
  stoppedTasks,
  taskHealth,
  addresses,
  reach,
  earlierIncidents,
  catalogue,
  chain,
  accessLog,
  errors,
  healthCheck,
  balancerOnset,
  routing,
  targetsMatchTasks,
  targets,
  attempt,
  logsAuth,
  logsDatabase,
  logsHub,
  logListening,
  methodNotAllowed,
  modelErrors,
  logsOnset,
  logsRedis,
  startup,
  stream,
  metricsLatency,
  saturation,
  deployed,
  registered,
  egressAuth,
  egressDatabase,
  egressHub,
  egressRedis,
  freeAddresses,
  inbound,
  startReach,
  vpcNames,
  body,
  invalidKey,
  predictionLatency,
  otherModel,
  withKey,
  withoutKey,
  predict,
  otherModels,
  certificates,
  traceRequest,
];
