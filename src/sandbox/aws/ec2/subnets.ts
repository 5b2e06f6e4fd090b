import type { NetworkAcl, WorldState } from "../../world/state.ts";
import { arnOf } from "../../world/state.ts";
import { requiredText, textList } from "../call.ts";
import type { Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { answerPage, filtered, nameTag, withIds } from "./filters.ts";

export const subnetOperations: Operations = {
  DescribeVpcs: (call) => {
    const byId = withIds(call.state.ec2.vpcs, textList(call, "VpcId"), (one) => one.vpcId, noVpc);
    const vpcs = filtered(call, byId, {
      "vpc-id": (one) => one.vpcId,
      cidr: (one) => one.cidrBlock,
      "tag:Name": (one) => one.name,
    });
    return answerPage(call, "vpcSet", vpcs, (one) => ({
      vpcId: one.vpcId,
      ownerId: call.state.account,
      cidrBlock: one.cidrBlock,
      state: "available",
      isDefault: false,
      tagSet: nameTag(one.name),
    }));
  },

  DescribeVpcAttribute: (call) => {
    const id = requiredText(call, "VpcId");
    const [vpc] = withIds(call.state.ec2.vpcs, [id], (one) => one.vpcId, noVpc);
    const attribute = requiredText(call, "Attribute");
    if (attribute === "enableDnsSupport") {
      return { vpcId: id, enableDnsSupport: { value: vpc?.enableDnsSupport } };
    }
    if (attribute === "enableDnsHostnames") {
      return { vpcId: id, enableDnsHostnames: { value: vpc?.enableDnsHostnames } };
    }
    if (attribute === "enableNetworkAddressUsageMetrics") {
      return { vpcId: id, enableNetworkAddressUsageMetrics: { value: false } };
    }
    const message = `Value (${attribute}) for parameter attribute is invalid`;
    throw new AwsError("InvalidParameterValue", message);
  },

  DescribeSubnets: (call) => {
    const { subnets } = call.state.ec2;
    const byId = withIds(subnets, textList(call, "SubnetId"), (one) => one.subnetId, {
      code: "InvalidSubnetID.NotFound",
      what: "subnet ID",
    });
    const found = filtered(call, byId, {
      "subnet-id": (one) => one.subnetId,
      "vpc-id": (one) => one.vpcId,
      "availability-zone": (one) => one.availabilityZone,
      "cidr-block": (one) => one.cidrBlock,
      "tag:Name": (one) => one.name,
    });
    return answerPage(call, "subnetSet", found, (one) => ({
      subnetId: one.subnetId,
      subnetArn: arnOf(call.state, "ec2", `subnet/${one.subnetId}`),
      state: "available",
      vpcId: one.vpcId,
      ownerId: call.state.account,
      cidrBlock: one.cidrBlock,
      availableIpAddressCount: one.availableIpAddressCount,
      availabilityZone: one.availabilityZone,
      defaultForAz: false,
      mapPublicIpOnLaunch: one.mapPublicIpOnLaunch,
      tagSet: nameTag(one.name),
    }));
  },

  DescribeNetworkAcls: (call) => {
    const { networkAcls } = call.state.ec2;
    const byId = withIds(networkAcls, textList(call, "NetworkAclId"), (one) => one.networkAclId, {
      code: "InvalidNetworkAclID.NotFound",
      what: "networkAcl ID",
    });
    const found = filtered(call, byId, {
      "network-acl-id": (one) => one.networkAclId,
      "vpc-id": (one) => one.vpcId,
      default: (one) => one.isDefault,
      "association.subnet-id": (one) => one.subnetIds,
      "association.network-acl-id": (one) => one.networkAclId,
    });
    return answerPage(call, "networkAclSet", found, (one) => toNetworkAcl(call.state, one));
  },
};

const noVpc = { code: "InvalidVpcID.NotFound", what: "vpc ID" };

/** The rule "*" that ends every list and cannot be removed. */
const lastRule = 32_767;

const toNetworkAcl = (state: WorldState, one: NetworkAcl) => {
  const entries = one.entries.map((entry) => ({
    ruleNumber: entry.ruleNumber,
    protocol: entry.protocol,
    ruleAction: entry.ruleAction,
    egress: entry.egress,
    cidrBlock: entry.cidrBlock,
    portRange: entry.portRange,
  }));
  const last = [true, false]
    .filter(
      (egress) => !entries.some((each) => each.egress === egress && each.ruleNumber === lastRule),
    )
    .map((egress) => ({
      ruleNumber: lastRule,
      protocol: "-1",
      ruleAction: "deny",
      egress,
      cidrBlock: "0.0.0.0/0",
      portRange: undefined,
    }));
  return {
    networkAclId: one.networkAclId,
    vpcId: one.vpcId,
    ownerId: state.account,
    default: one.isDefault,
    entrySet: [...entries, ...last].toSorted(
      (left, right) =>
        Number(right.egress) - Number(left.egress) || left.ruleNumber - right.ruleNumber,
    ),
    associationSet: one.subnetIds.map((subnetId) => ({
      networkAclAssociationId: `aclassoc-${subnetId.replace("subnet-", "")}`,
      networkAclId: one.networkAclId,
      subnetId,
    })),
    tagSet: [],
  };
};
