/**
 * A second environment in the same account and network: cluster, service, load balancer, target group, log
 * group, secrets and public name of its own. Nobody calls it; it is there to be told from the first.
 */
import type { SecurityGroupRule, WorldState } from "../state.ts";
import { forward, loadBalancer, notFound, ruleArn, targetGroup } from "./balancers.ts";
import { groupIds, vpcId } from "./network.ts";
import {
  apiContainer,
  initialService,
  repositoryUri,
  revisionOf,
  secretsOf,
  type Plan,
} from "./services.ts";

const account = "123456789012";
const region = "us-east-1";
const prefix = `arn:aws:elasticloadbalancing:${region}:${account}`;
const day = 86_400_000;
const groups = { balancer: "sg-0a1b5d1f8e2c40003", api: "sg-0a1b5d1f8e2c40014" } as const;
const host = "production.hokus.ai";
const addresses = ["30.198.41.12", "30.209.77.160"];
const balancerArn = `${prefix}:loadbalancer/app/hokusai-main-production/2c9f4b7d1e8a6053`;
const listenerArn = `${balancerArn.replace(":loadbalancer/", ":listener/")}/b7d21e90c4f83a65`;
const groupArn = `${prefix}:targetgroup/hokusai-api-production/5af0c3d82b916e74`;
const certificateArn = `arn:aws:acm:${region}:${account}:certificate/6f2c1a34-8b9d-4c55-9d4e-0a4c2d1e7f03`;
const name = "hokusai-api-production";
const commit = "c41f88a";

export const productionPlan = (now: number): Plan => ({
  name,
  cluster: "hokusai-production",
  family: name,
  revision: 8,
  desired: 1,
  groupId: groups.api,
  image: `${repositoryUri}/hokusai-api:${commit}`,
  imageContent: `api ${commit}`,
  deployedAt: now - 8 * day,
  balancer: { targetGroupArn: groupArn, containerName: "hokusai-api", containerPort: 8001 },
  registryArn: null,
});

const open = (
  ruleId: string,
  port: number,
  peer: Partial<SecurityGroupRule>,
  description: string,
) => ({
  ruleId: `sgr-0${ruleId}d0c0ffee0000`,
  protocol: "tcp" as const,
  fromPort: port,
  toPort: port,
  ...peer,
  description,
});
const anywhere = { cidrIpv4: "0.0.0.0/0" };

export const addProduction = (state: WorldState, now: number): void => {
  const plan = productionPlan(now);
  state.ecs.clusters.push({
    arn: `arn:aws:ecs:${region}:${account}:cluster/${plan.cluster}`,
    name: plan.cluster,
    status: "ACTIVE",
  });
  state.ecs.services.push(initialService(plan));
  state.ecs.taskDefinitions.push(
    revisionOf(name, plan.revision, apiContainer(commit, "production"), now - 8 * day),
  );
  state.secrets.push(...secretsOf("production", now));
  state.logs.groups.push({
    arn: `arn:aws:logs:${region}:${account}:log-group:/ecs/${name}:*`,
    name: `/ecs/${name}`,
    creationTime: now - 200 * day,
    retentionInDays: 30,
    streams: [],
  });
  addBalancer(state, now);
  addGroups(state);
  state.certificates.push({
    arn: certificateArn,
    names: [host],
    notBefore: now - 60 * day,
    notAfter: now + 335 * day,
    trusted: true,
  });
};

const addBalancer = ({ elb, dns }: WorldState, now: number): void => {
  const balancer = loadBalancer(
    {
      arn: balancerArn,
      name: "hokusai-main-production",
      dns: "905518342",
      group: groups.balancer,
      addresses,
      host: 83,
    },
    now - 400 * day,
  );
  elb.loadBalancers.push(balancer);
  elb.listeners.push({
    arn: listenerArn,
    loadBalancerArn: balancerArn,
    port: 443,
    protocol: "HTTPS",
    certificateArn,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  });
  elb.rules.push(
    {
      arn: ruleArn(listenerArn, "9683b2d02a6cabf1"),
      listenerArn,
      priority: 10,
      conditions: [{ field: "host-header", values: [host] }],
      actions: forward(groupArn),
    },
    {
      arn: ruleArn(listenerArn, "0000000000000004"),
      listenerArn,
      priority: null,
      conditions: [],
      actions: notFound,
    },
  );
  elb.targetGroups.push(targetGroup(groupArn, name, 8001));
  dns.records.push(
    { name: host, type: "CNAME", target: balancer.dnsName, ttl: 300 },
    ...addresses.map((address) => ({
      name: balancer.dnsName,
      type: "A" as const,
      address,
      ttl: 60,
    })),
  );
};

const addGroups = ({ ec2 }: WorldState): void => {
  const all = {
    ruleId: "sgr-01900d0c0ffee0000",
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
  } as const;
  ec2.securityGroups.push(
    {
      groupId: groups.balancer,
      groupName: "hokusai-main-production-alb",
      description: "Public load balancer of production",
      vpcId,
      ingress: [open("1901", 443, anywhere, "HTTPS")],
      egress: [{ ...all, ...anywhere, description: "to the targets" }],
    },
    {
      groupId: groups.api,
      groupName: `${name}-task`,
      description: "Tasks of the model API in production",
      vpcId,
      ingress: [open("1902", 8001, { groupId: groups.balancer }, "from the load balancer")],
      egress: [
        open("1903", 443, anywhere, "auth service, hub, AWS"),
        open("1904", 6379, { groupId: groupIds.redis }, "Redis"),
        open("1905", 5432, { groupId: groupIds.database }, "Postgres"),
      ],
    },
  );
  for (const [id, groupId, port] of [
    ["1906", groupIds.redis, 6379],
    ["1907", groupIds.database, 5432],
  ] as const) {
    const group = ec2.securityGroups.find((one) => one.groupId === groupId);
    group?.ingress.push(open(id, port, { groupId: groups.api }, "model API in production"));
  }
};
