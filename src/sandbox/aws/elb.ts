import type { Operations } from "./call.ts";
import { loadBalancerOperations } from "./elb/load-balancers.ts";
import { targetGroupOperations } from "./elb/target-groups.ts";

export const elbOperations: Operations = { ...loadBalancerOperations, ...targetGroupOperations };
