import { privateNameOf } from "../../net/names.ts";
import type { NetworkInterface, VpcEndpoint, WorldState } from "../../world/state.ts";
import { textList } from "../call.ts";
import type { Operations } from "../call.ts";
import { answerPage, filtered, withIds } from "./filters.ts";

export const interfaceOperations: Operations = {
  DescribeNetworkInterfaces: (call) => {
    const byId = withIds(
      call.state.ec2.networkInterfaces,
      textList(call, "NetworkInterfaceId"),
      (one) => one.networkInterfaceId,
      { code: "InvalidNetworkInterfaceID.NotFound", what: "networkInterface ID" },
    );
    const found = filtered(call, byId, {
      "network-interface-id": (one) => one.networkInterfaceId,
      "vpc-id": (one) => one.vpcId,
      "subnet-id": (one) => one.subnetId,
      "group-id": (one) => one.groupIds,
      "private-ip-address": (one) => one.privateIpAddress,
      "addresses.private-ip-address": (one) => one.privateIpAddress,
      "availability-zone": (one) => one.availabilityZone,
      description: (one) => one.description,
      "interface-type": (one) => one.interfaceType,
      status: (one) => one.status,
    });
    return answerPage(call, "networkInterfaceSet", found, (one) => toInterface(call.state, one));
  },

  DescribeVpcEndpoints: (call) => {
    const { vpcEndpoints } = call.state.ec2;
    const byId = withIds(
      vpcEndpoints,
      textList(call, "VpcEndpointId"),
      (one) => one.vpcEndpointId,
      {
        code: "InvalidVpcEndpointId.NotFound",
        what: "Vpc Endpoint Id",
      },
    );
    const found = filtered(call, byId, {
      "vpc-endpoint-id": (one) => one.vpcEndpointId,
      "vpc-id": (one) => one.vpcId,
      "service-name": (one) => one.serviceName,
      "vpc-endpoint-type": (one) => one.vpcEndpointType,
      "vpc-endpoint-state": (one) => one.state,
    });
    return answerPage(call, "vpcEndpointSet", found, (one) => toEndpoint(call.state, one));
  },
};

const toEndpoint = (state: WorldState, one: VpcEndpoint) => ({
  vpcEndpointId: one.vpcEndpointId,
  vpcEndpointType: one.vpcEndpointType,
  vpcId: one.vpcId,
  serviceName: one.serviceName,
  state: one.state,
  routeTableIdSet: one.routeTableIds,
  subnetIdSet: one.subnetIds,
  groupSet: toGroups(state, one.groupIds),
  privateDnsEnabled: one.privateDnsEnabled,
  requesterManaged: false,
  networkInterfaceIdSet: one.networkInterfaceIds,
  dnsEntrySet:
    one.vpcEndpointType === "Gateway"
      ? []
      : [
          `${one.vpcEndpointId}.${privateNameOf(state, one).replace("*.", "").replace(".amazonaws", ".vpce.amazonaws")}`,
          ...(one.privateDnsEnabled ? [privateNameOf(state, one)] : []),
        ].map((dnsName) => ({ dnsName })),
  ownerId: state.account,
  tagSet: [],
});

const toGroups = (state: WorldState, ids: readonly string[]) =>
  ids.map((groupId) => ({
    groupId,
    groupName: state.ec2.securityGroups.find((one) => one.groupId === groupId)?.groupName,
  }));

const toInterface = (state: WorldState, one: NetworkInterface) => ({
  networkInterfaceId: one.networkInterfaceId,
  subnetId: one.subnetId,
  vpcId: one.vpcId,
  availabilityZone: one.availabilityZone,
  description: one.description,
  ownerId: state.account,
  requesterManaged: true,
  status: one.status,
  privateIpAddress: one.privateIpAddress,
  privateDnsName: `ip-${one.privateIpAddress.replaceAll(".", "-")}.${state.region}.compute.internal`,
  sourceDestCheck: true,
  groupSet: toGroups(state, one.groupIds),
  privateIpAddressesSet: [{ privateIpAddress: one.privateIpAddress, primary: true }],
  interfaceType: one.interfaceType,
  tagSet: [],
});
