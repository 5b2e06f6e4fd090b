/** What stands in front of the tasks, or is one part of several. */
import { targetGroupArns } from "../../world/initial/balancers.ts";
import { releaseApi, returnToGoodRevision } from "../deployment.ts";
import { runningTasks, trailOfBalancer } from "../edits.ts";
import { predictUrl, timeoutReport } from "../fault.ts";
import type { Fault } from "../fault.ts";
import { undoable } from "../undo.ts";

const interstitial = (id: string, title: string, page: "challenge" | "captcha"): Fault => ({
  id,
  title,
  system: "edge",
  ...undoable((world) => {
    world.firewall.blocks = [{ host: "api.hokus.ai", methods: ["GET", "POST"], page }];
    return () => void (world.firewall.blocks = []);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
});

const patientGroup = undoable((world) => {
  const group = world.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
  if (group === undefined) return null;
  const { healthCheckTimeoutSeconds, healthCheckIntervalSeconds } = group;
  Object.assign(group, { healthCheckTimeoutSeconds: 60, healthCheckIntervalSeconds: 90 });
  trailOfBalancer(world, "ModifyTargetGroup", "TargetGroup", group.arn);
  return () => void Object.assign(group, { healthCheckTimeoutSeconds, healthCheckIntervalSeconds });
});

export const edgeFaults: readonly Fault[] = [
  interstitial(
    "edge-challenge",
    "A firewall rule answers every caller with a challenge",
    "challenge",
  ),
  interstitial(
    "edge-captcha",
    "A bot protection answers every caller 200 with a riddle",
    "captcha",
  ),
  {
    id: "edge-node-down",
    title: "One of the load balancer's addresses refuses connections",
    system: "edge",
    ...undoable((world) => {
      const zone = world.elb.loadBalancers
        .find((one) => one.name === "hokusai-main-development")
        ?.availabilityZones.at(-1);
      if (zone === undefined) return null;
      zone.down = true;
      return () => void delete zone.down;
    }),
    report: { symptom: "connection", url: predictUrl, method: "POST", minutesAgo: 20 },
  },
  {
    id: "one-task-hangs",
    title:
      "The worker threads of one of the two tasks are in a deadlock; its /health still answers",
    system: "tasks",
    ...undoable((world) => {
      const task = runningTasks(world).at(-1);
      if (task === undefined) return null;
      task.stuck = true;
      return () => void delete task.stuck;
    }),
    report: timeoutReport,
  },
  {
    id: "health-slow",
    title: "A release whose /health asks every dependency first; its health check was made patient",
    system: "API",
    apply: (world) => {
      patientGroup.apply(world);
      releaseApi(world, "r-health-slow", { healthDelayMs: 1_300 });
    },
    heal: (world) => {
      patientGroup.heal(world);
      returnToGoodRevision(world);
    },
    report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
  },
];
