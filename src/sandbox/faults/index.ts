/** Every fault that can be injected, one a file. */
import { authUnreachable } from "./auth-unreachable.ts";
import type { Fault } from "./fault.ts";
import { healthy } from "./healthy.ts";
import { imageOrSecretPull } from "./image-or-secret-pull.ts";
import { loadBalancerMisconfigured } from "./load-balancer-misconfigured.ts";
import { missingEnvironment } from "./missing-environment.ts";
import { routeConflict } from "./route-conflict.ts";
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
];

/** Throws with the ids there are. */
export const faultNamed = (id: string): Fault => {
  const found = faults.find((fault) => fault.id === id);
  if (found === undefined) {
    throw new Error(`No fault is called "${id}". There are: ${faults.map((fault) => fault.id).join(", ")}.`);
  }
  return found;
};
