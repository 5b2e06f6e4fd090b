import type { SecurityGroup, SecurityGroupRule, WorldState } from "../../world/state.ts";
import { arnOf } from "../../world/state.ts";
import { textList } from "../call.ts";
import type { Operations } from "../call.ts";
import { answerPage, filtered, withIds } from "./filters.ts";

export const securityGroupOperations: Operations = {
  DescribeSecurityGroups: (call) => {
    const { securityGroups } = call.state.ec2;
    const byId = withIds(securityGroups, textList(call, "GroupId"), (one) => one.groupId, {
      code: "InvalidGroup.NotFound",
      what: "security group",
    });
    const byName = withIds(byId, textList(call, "GroupName"), (one) => one.groupName, {
      code: "InvalidGroup.NotFound",
      what: "security group",
    });
    const groups = filtered(call, byName, {
      "group-id": (one) => one.groupId,
      "group-name": (one) => one.groupName,
      "vpc-id": (one) => one.vpcId,
      description: (one) => one.description,
      "owner-id": () => call.state.account,
      "ip-permission.group-id": (one) => one.ingress.map((rule) => rule.groupId),
      "ip-permission.cidr": (one) => one.ingress.map((rule) => rule.cidrIpv4),
      "egress.ip-permission.group-id": (one) => one.egress.map((rule) => rule.groupId),
      "egress.ip-permission.cidr": (one) => one.egress.map((rule) => rule.cidrIpv4),
    });
    return answerPage(call, "securityGroupInfo", groups, (one) => toGroup(call.state, one));
  },

  DescribeSecurityGroupRules: (call) => {
    const all = call.state.ec2.securityGroups.flatMap((group) => [
      ...group.ingress.map((rule) => ({ group, rule, egress: false })),
      ...group.egress.map((rule) => ({ group, rule, egress: true })),
    ]);
    const byId = withIds(all, textList(call, "SecurityGroupRuleId"), (one) => one.rule.ruleId, {
      code: "InvalidSecurityGroupRuleId.NotFound",
      what: "security group rule ID",
    });
    const rules = filtered(call, byId, {
      "group-id": (one) => one.group.groupId,
      "security-group-rule-id": (one) => one.rule.ruleId,
    });
    return answerPage(call, "securityGroupRuleSet", rules, ({ group, rule, egress }) => ({
      securityGroupRuleId: rule.ruleId,
      groupId: group.groupId,
      groupOwnerId: call.state.account,
      isEgress: egress,
      ipProtocol: rule.protocol,
      fromPort: rule.fromPort,
      toPort: rule.toPort,
      cidrIpv4: rule.cidrIpv4,
      prefixListId: rule.prefixListId,
      referencedGroupInfo:
        rule.groupId === undefined
          ? undefined
          : { groupId: rule.groupId, userId: call.state.account },
      description: rule.description,
      tagSet: [],
    }));
  },
};

const toGroup = (state: WorldState, one: SecurityGroup) => ({
  ownerId: state.account,
  groupId: one.groupId,
  groupName: one.groupName,
  groupDescription: one.description,
  vpcId: one.vpcId,
  securityGroupArn: arnOf(state, "ec2", `security-group/${one.groupId}`),
  ipPermissions: toPermissions(state, one.ingress),
  ipPermissionsEgress: toPermissions(state, one.egress),
  tagSet: [],
});

/** Rules with the same protocol and ports are one permission with several peers. */
const toPermissions = (state: WorldState, rules: readonly SecurityGroupRule[]) => {
  const alike = Map.groupBy(rules, (one) => `${one.protocol} ${one.fromPort} ${one.toPort}`);
  return [...alike.values()].map((peers) => {
    const first = peers[0];
    const everything = first?.protocol === "-1";
    return {
      ipProtocol: first?.protocol,
      fromPort: everything ? undefined : first?.fromPort,
      toPort: everything ? undefined : first?.toPort,
      groups: peers
        .filter((one) => one.groupId !== undefined)
        .map((one) => ({
          userId: state.account,
          groupId: one.groupId,
          description: one.description,
        })),
      ipRanges: peers
        .filter((one) => one.cidrIpv4 !== undefined)
        .map((one) => ({ cidrIp: one.cidrIpv4, description: one.description })),
      ipv6Ranges: [],
      prefixListIds: peers
        .filter((one) => one.prefixListId !== undefined)
        .map((one) => ({ prefixListId: one.prefixListId, description: one.description })),
    };
  });
};
