/** Health checks of one target group after the other; the reasons and sentences are those of the API. */
import type { Wires } from "../net/wires.ts";
import { DialError } from "../net/wires.ts";
import { sendRequest } from "../net/request.ts";
import type { Target, TargetGroup, WorldState } from "../world/state.ts";
import { balancersOf } from "./metrics.ts";

/** "200", "200-299" and "200,302" as the API writes matchers. */
const matches = (matcher: string, status: number): boolean =>
  matcher.split(",").some((part) => {
    const [low = "", high = low] = part.split("-");
    return status >= Number(low) && status <= Number(high);
  });

interface Verdict {
  reason: string;
  description: string;
}

const check = async (
  state: WorldState,
  wires: Wires,
  group: TargetGroup,
  target: Target,
  from: string,
): Promise<Verdict | null> => {
  const port =
    group.healthCheckPort === "traffic-port" ? target.port : Number(group.healthCheckPort);
  try {
    const answer = await sendRequest({
      wires,
      from,
      url: `http://${target.id}:${port}${group.healthCheckPath}`,
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
      // The usual 5 s of a target group are the setting's milliseconds here.
      timeoutMs: (state.settings.healthCheckTimeoutMs * group.healthCheckTimeoutSeconds) / 5,
      ca: "",
    });
    if (matches(group.matcher, answer.status)) return null;
    return {
      reason: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${answer.status}]`,
    };
  } catch (error) {
    if (error instanceof DialError && error.code === "ETIMEDOUT") {
      return { reason: "Target.Timeout", description: "Request timed out" };
    }
    return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  }
};

/** One round over all targets. `misses` counts consecutive failures between rounds. */
export const checkTargets = async (
  state: WorldState,
  wires: Wires,
  misses: WeakMap<Target, number>,
): Promise<void> => {
  await Promise.all(
    state.elb.targets.map(async (target) => {
      const group = state.elb.targetGroups.find((one) => one.arn === target.targetGroupArn);
      if (group === undefined || target.state === "draining") return;
      const balancerArn = balancersOf(state, group.arn)[0];
      const balancer = state.elb.loadBalancers.find((one) => one.arn === balancerArn);
      const zone = balancer?.availabilityZones[0];
      if (zone === undefined) {
        target.state = "unused";
        target.reason = "Target.NotInUse";
        target.description =
          "Target group is not configured to receive traffic from the load balancer";
        return;
      }
      const verdict = await check(state, wires, group, target, zone.privateAddress);
      if (verdict === null) {
        misses.delete(target);
        target.state = "healthy";
        delete target.reason;
        delete target.description;
        return;
      }
      const missed = (misses.get(target) ?? 0) + 1;
      misses.set(target, missed);
      if (missed < Math.min(2, group.unhealthyThresholdCount) && target.state !== "unhealthy")
        return;
      target.state = "unhealthy";
      target.reason = verdict.reason;
      target.description = verdict.description;
    }),
  );
};
