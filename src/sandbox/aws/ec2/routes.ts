import type { PrefixList, Route, RouteTable, WorldState } from "../../world/state.ts";
import { arnOf } from "../../world/state.ts";
import { requiredText, textList } from "../call.ts";
import type { Operations } from "../call.ts";
import { answerPage, filtered, withIds } from "./filters.ts";

export const routeOperations: Operations = {
  DescribeRouteTables: (call) => {
    const { routeTables } = call.state.ec2;
    const byId = withIds(routeTables, textList(call, "RouteTableId"), (one) => one.routeTableId, {
      code: "InvalidRouteTableID.NotFound",
      what: "routeTable ID",
    });
    const found = filtered(call, byId, {
      "route-table-id": (one) => one.routeTableId,
      "vpc-id": (one) => one.vpcId,
      "association.subnet-id": (one) => one.subnetIds,
      "association.main": (one) => one.main,
      "route.nat-gateway-id": (one) => one.routes.map((route) => route.natGatewayId),
      "route.gateway-id": (one) => one.routes.map((route) => route.gatewayId),
    });
    return answerPage(call, "routeTableSet", found, (one) => toRouteTable(call.state, one));
  },

  DescribeNatGateways: (call) => {
    const { natGateways } = call.state.ec2;
    const byId = withIds(natGateways, textList(call, "NatGatewayId"), (one) => one.natGatewayId, {
      code: "NatGatewayNotFound",
      what: "NAT gateway",
    });
    const found = filtered(call, byId, {
      "nat-gateway-id": (one) => one.natGatewayId,
      "vpc-id": (one) => one.vpcId,
      "subnet-id": (one) => one.subnetId,
      state: (one) => one.state,
    });
    return answerPage(call, "natGatewaySet", found, (one) => ({
      natGatewayId: one.natGatewayId,
      vpcId: one.vpcId,
      subnetId: one.subnetId,
      state: one.state,
      connectivityType: "public",
      natGatewayAddressSet: [{ publicIp: one.publicIp, isPrimary: true, status: "succeeded" }],
      tagSet: [],
    }));
  },

  DescribeInternetGateways: (call) => {
    const byId = withIds(
      call.state.ec2.internetGateways,
      textList(call, "InternetGatewayId"),
      (one) => one.internetGatewayId,
      { code: "InvalidInternetGatewayID.NotFound", what: "internetGateway ID" },
    );
    const found = filtered(call, byId, {
      "internet-gateway-id": (one) => one.internetGatewayId,
      "attachment.vpc-id": (one) => one.vpcId,
    });
    return answerPage(call, "internetGatewaySet", found, (one) => ({
      internetGatewayId: one.internetGatewayId,
      ownerId: call.state.account,
      attachmentSet: [{ vpcId: one.vpcId, state: "available" }],
      tagSet: [],
    }));
  },

  DescribeManagedPrefixLists: (call) => {
    const { prefixLists } = call.state.ec2;
    const byId = withIds(prefixLists, textList(call, "PrefixListId"), (one) => one.prefixListId, {
      code: noPrefixList.code,
      what: noPrefixList.what,
    });
    const found = filtered(call, byId, {
      "prefix-list-id": (one) => one.prefixListId,
      "prefix-list-name": (one) => one.name,
      "owner-id": (one) => (one.managed === undefined ? "AWS" : call.state.account),
    });
    return answerPage(call, "prefixListSet", found, (one) => toPrefixList(call.state, one));
  },

  GetManagedPrefixListEntries: (call) => {
    const id = requiredText(call, "PrefixListId");
    const [list] = withIds(
      call.state.ec2.prefixLists,
      [id],
      (one) => one.prefixListId,
      noPrefixList,
    );
    return answerPage(call, "entrySet", list?.cidrs ?? [], (cidr) => ({ cidr }), 100);
  },
};

const noPrefixList = { code: "InvalidPrefixListID.NotFound", what: "prefix list ID" };

/** What AWS keeps itself belongs to "AWS", and comes without version and size. */
const toPrefixList = (state: WorldState, one: PrefixList) => ({
  prefixListId: one.prefixListId,
  prefixListName: one.name,
  prefixListArn:
    one.managed === undefined
      ? `arn:aws:ec2:${state.region}:aws:prefix-list/${one.prefixListId}`
      : arnOf(state, "ec2", `prefix-list/${one.prefixListId}`),
  addressFamily: "IPv4",
  state: "create-complete",
  maxEntries: one.managed?.maxEntries,
  version: one.managed?.version,
  ownerId: one.managed === undefined ? "AWS" : state.account,
  tagSet: [],
});

const toRouteTable = (state: WorldState, one: RouteTable) => ({
  routeTableId: one.routeTableId,
  vpcId: one.vpcId,
  ownerId: state.account,
  routeSet: one.routes.map(toRoute),
  associationSet: [
    ...(one.main ? [association(one, { main: true })] : []),
    ...one.subnetIds.map((subnetId) => association(one, { main: false, subnetId })),
  ],
  propagatingVgwSet: [],
  tagSet: [],
});

const toRoute = (one: Route) => ({
  destinationCidrBlock: one.destinationCidrBlock,
  destinationPrefixListId: one.destinationPrefixListId,
  gatewayId: one.gatewayId,
  natGatewayId: one.natGatewayId,
  vpcPeeringConnectionId: one.vpcPeeringConnectionId,
  state: one.state,
  origin: one.gatewayId === "local" ? "CreateRouteTable" : "CreateRoute",
});

const association = (table: RouteTable, of: { main: boolean; subnetId?: string }) => ({
  routeTableAssociationId: `rtbassoc-${(of.subnetId ?? table.routeTableId).replace(/^\w+-/u, "")}`,
  routeTableId: table.routeTableId,
  subnetId: of.subnetId,
  main: of.main,
  associationState: { state: "associated" },
});
