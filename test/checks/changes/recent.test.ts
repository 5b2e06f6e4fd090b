import { describe, expect, it } from "vitest";
import { recent } from "#checks/changes/recent.ts";
import { ago, group, groupArn, judged, summaryOf } from "../samples.ts";

const event = (minutes: number, name: string, resources: readonly string[]) => ({
  id: "e",
  at: ago(minutes),
  name,
  source: "ec2.amazonaws.com",
  by: "deploy-bot",
  resources,
  error: null,
});
const sg = (minutes: number) => event(minutes, "RevokeSecurityGroupEgress", ["sg-task"]);
const facts = (events: readonly object[], change: object = {}) => ({
  trail: { from: ago(1_440), complete: true, events },
  groups: [{ id: "sg-task", name: "task", ingress: [], egress: [] }],
  targetGroups: [group()],
  ...change,
});
/** Complaints that begin 29 minutes ago. */
const history = {
  from: ago(360),
  to: ago(0),
  complete: true,
  counts: [...Array.from({ length: 331 }, () => 0), ...Array.from({ length: 29 }, () => 8)],
};
const deployed = (minutes: number) => [
  {
    arn: "d",
    status: "SUCCESSFUL",
    reason: null,
    createdAt: ago(minutes),
    finishedAt: ago(minutes - 2),
  },
];

describe("changes/recent", () => {
  it.each([
    ["none", "nothing", facts([])],
    ["changed", "in the last two hours", facts([sg(100)])],
    ["none", "longer ago", facts([sg(300)])],
    [
      "none",
      "somebody else's group",
      facts([event(10, "RevokeSecurityGroupEgress", ["sg-other"])]),
    ],
    [
      "none",
      "a name that only begins like ours",
      facts([event(10, "UpdateService", ["api-worker"])]),
    ],
    [
      "changed",
      "the service, by its ARN",
      facts([event(10, "UpdateService", ["arn:aws:ecs:us-east-1:1:service/main/api"])]),
    ],
    ["changed", "the target group", facts([event(10, "ModifyTargetGroup", [groupArn("api")])])],
    ["changed", "a deployment", facts([], { deployments: deployed(60) })],
    ["changed", "just before the onset", facts([sg(31)], { history })],
    [
      "changed",
      "a deployment whose tasks took minutes to come up",
      facts([], { history, deployments: deployed(36) }),
    ],
    ["none", "after the onset", facts([sg(5)], { history })],
    ["none", "hours before the onset", facts([sg(100)], { history })],
  ])("%s: %s", (outcome, _why, value) => {
    expect(judged(recent, value)).toBe(outcome);
  });

  it("says what, who and how long before", () => {
    expect(summaryOf(recent, facts([sg(31)], { history }))).toBe(
      "02:29Z RevokeSecurityGroupEgress sg-task by deploy-bot, 2 min before complaints began",
    );
  });
});
