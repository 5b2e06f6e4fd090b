/** Every fault that can be injected, one a file. */
import { apiFaults } from "./api/index.ts";
import { apiKeyInvalid } from "./api-key-invalid.ts";
import { authConflict } from "./auth-conflict.ts";
import { authEgressRevoked } from "./auth-egress-revoked.ts";
import { authServiceFaults } from "./auth-service.ts";
import { authUnreachable } from "./auth-unreachable.ts";
import { awsFaults } from "./aws.ts";
import { certificateInvalid } from "./certificate-invalid.ts";
import { databaseDown } from "./database-down.ts";
import { dnsResolution } from "./dns-resolution.ts";
import { edgeBlocked } from "./edge-blocked.ts";
import type { Fault } from "./fault.ts";
import { healthCheckPath } from "./health-check-path.ts";
import { healthy } from "./healthy.ts";
import { hubNameFailing, huggingfaceUnreachable } from "./huggingface-unreachable.ts";
import { imageOrSecretPull } from "./image-or-secret-pull.ts";
import { loadBalancerMisconfigured } from "./load-balancer-misconfigured.ts";
import { missingEnvironment } from "./missing-environment.ts";
import { modelMissing } from "./model-missing.ts";
import { partialFailure } from "./partial-failure.ts";
import { portMismatch } from "./port-mismatch.ts";
import { redisDown } from "./redis-down.ts";
import { releaseRolledBack } from "./release-rolled-back.ts";
import { routeConflict } from "./route-conflict.ts";
import { secretDeleted } from "./secret-deleted.ts";
import { securityGroupBlocking } from "./security-group-blocking.ts";
import { serviceNotRunning } from "./service-not-running.ts";
import { startupFailure } from "./startup-failure.ts";
import { wrongHost } from "./wrong-host.ts";

export const faults: readonly Fault[] = [
  healthy,
  serviceNotRunning,
  startupFailure,
  missingEnvironment,
  imageOrSecretPull,
  loadBalancerMisconfigured,
  securityGroupBlocking,
  authUnreachable,
  wrongHost,
  routeConflict,
  apiKeyInvalid,
  authConflict,
  authEgressRevoked,
  certificateInvalid,
  databaseDown,
  dnsResolution,
  edgeBlocked,
  healthCheckPath,
  huggingfaceUnreachable,
  hubNameFailing,
  modelMissing,
  partialFailure,
  portMismatch,
  redisDown,
  releaseRolledBack,
  secretDeleted,
  ...apiFaults,
  ...awsFaults,
  ...authServiceFaults,
];

/** Throws with the ids there are. */
export const faultNamed = (id: string): Fault => {
  const found = faults.find((fault) => fault.id === id);
  if (found === undefined) {
    throw new Error(
      `No fault is called "${id}". There are: ${faults.map((fault) => fault.id).join(", ")}.`,
    );
  }
  return found;
};
