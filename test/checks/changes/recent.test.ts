import { describe, expect, it } from "vitest";
import { recent } from "#checks/changes/recent.ts";
import {
  ago,
  definition,
  findingOf,
  group,
  groupArn,
  judged,
  summaryOf,
  target,
} from "../samples.ts";

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
/** A load balancer whose own errors begin 29 minutes ago, with nothing in any log. */
const requests = {
  from: ago(360),
  to: ago(2),
  requests: Array.from({ length: 358 }, () => 8),
  elb5xx: Array.from({ length: 358 }, (_, i) => (i < 331 ? 0 : 8)),
  target5xx: Array.from({ length: 358 }, () => 0),
};
const silent = { ...history, counts: history.counts.map(() => 0) };
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

  it.each([
    ["the only one of a day, just before", [sg(31)], true],
    ["an hour before the onset", [sg(100)], false],
    ["after the onset, as a repair is", [sg(5)], false],
    [
      "one of many: something is changed every ten minutes here",
      [sg(31), ...Array.from({ length: 120 }, (_, i) => sg(60 + 10 * i))],
      false,
    ],
  ])("links a change to the onset: %s", (_why, events, expected) => {
    const { changes = [] } = findingOf(recent, facts(events, { history }));
    expect(changes.some((change) => change.linked)).toBe(expected);
  });

  it.each([
    ["and nothing in the log", { history: silent, requests }],
    ["and no log", { requests }],
    ["and no metrics", { history }],
  ])("links a change to the errors of whoever counted them: %s", (_why, known) => {
    expect(findingOf(recent, facts([sg(31)], known)).changes?.[0]?.linked).toBe(true);
    expect(judged(recent, facts([sg(100)], known))).toBe("none");
  });

  it("says nothing of a link where errors did not step up", () => {
    expect(findingOf(recent, facts([sg(31)])).changes).toEqual([
      expect.objectContaining({ linked: false, likelihoodRatio: null }),
    ]);
  });

  const release = {
    trail: {
      from: ago(1_440),
      complete: true,
      events: [
        event(36, "UpdateService", ["arn:aws:ecs:us-east-1:1:service/main/api", "main", "api:43"]),
        event(37, "RegisterTaskDefinition", ["api"]),
      ],
    },
    deployments: deployed(36),
    definition: {
      current: definition(
        { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:9d41c2e" },
        43,
      ),
      previous: definition(
        { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:5e3a917" },
        42,
      ),
    },
    history,
  };

  it("takes the calls and the deployment of one release for one change, with before and after", () => {
    const { changes } = findingOf(recent, release);
    expect(changes).toEqual([
      {
        at: ago(36),
        by: "deploy-bot",
        what: "api:43 was deployed",
        difference: "image: api:5e3a917 -> api:9d41c2e",
        linked: true,
        likelihoodRatio: expect.any(Number) as number,
      },
    ]);
  });

  it("says that a release was rolled back, and who asked for it is not who rolled it back", () => {
    const [one] = deployed(36).map((row) => ({ ...row, status: "ROLLBACK_SUCCESSFUL" }));
    const { changes } = findingOf(recent, { ...release, deployments: [one] });
    expect(changes?.[0]).toMatchObject({
      what: "api:43 was deployed",
      difference: "image: api:5e3a917 -> api:9d41c2e; rolled back since",
    });
  });

  it("names the commits between two images where the catalogue names the repository", () => {
    const named = { ...target, service: { ...target.service, repository: "owner/api" } };
    expect(findingOf(recent, release, named).evidence.at(-1)).toEqual({
      label: "commits",
      seen: "https://github.com/owner/api/compare/5e3a917...9d41c2e",
    });
  });

  const beside = (image: string) => {
    const one = definition({}, image === "agent:2" ? 43 : 42);
    const [main] = one.containers;
    return {
      ...one,
      containers: [
        ...one.containers,
        ...(main === undefined ? [] : [{ ...main, name: "agent", image }]),
      ],
    };
  };
  it("shows the image of a container beside the API's own", () => {
    const definitions = { current: beside("agent:2"), previous: beside("agent:1") };
    const { changes } = findingOf(recent, { ...release, definition: definitions });
    expect(changes?.[0]?.difference).toBe("container agent: image agent:1 -> agent:2");
  });

  const ofAuth = {
    ...target,
    service: {
      ...target.service,
      dependencies: {
        ...target.service.dependencies,
        auth: {
          url: "https://auth.example.com",
          health: "/health",
          ecs: { cluster: "main", service: "login-service" },
        },
      },
    },
  };
  const theirs = event(33, "UpdateService", ["login-service", "main", "login:7"]);

  it("links the deployment of a dependency's own service that the catalogue names", () => {
    const ecs = { ...theirs, source: "ecs.amazonaws.com" };
    expect(findingOf(recent, facts([ecs], { history }), ofAuth).changes).toEqual([
      expect.objectContaining({
        what: "auth's service login:7 was deployed",
        by: "deploy-bot",
        linked: true,
      }),
    ]);
    expect(judged(recent, facts([ecs], { history }))).toBe("none");
  });

  it("leaves out what happens to another service of the same cluster", () => {
    const other = event(31, "UpdateService", [
      "arn:aws:ecs:us-east-1:1:service/main/worker",
      "main",
    ]);
    const ecs = { ...other, source: "ecs.amazonaws.com" };
    expect(judged(recent, facts([ecs], { history }))).toBe("none");
  });

  it("says what, who and how long before", () => {
    expect(summaryOf(recent, facts([sg(31)], { history }))).toBe(
      "02:29 UTC RevokeSecurityGroupEgress sg-task by deploy-bot, 2 min before errors began",
    );
  });
});
