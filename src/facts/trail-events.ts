import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";

const windowMs = 24 * 60 * 60_000;

/** Changes that can break a service that worked; CloudTrail holds many more. */
const relevant =
  /^(?:Create|Update|Delete)Service$|^(?:Register|Deregister)TaskDefinition$|^(?:Authorize|Revoke)SecurityGroup|^ModifySecurityGroupRules$|NetworkAcl|Route(?:Table)?$|^(?:Create|Modify|Delete|Set)(?:Rule|Listener|TargetGroup|LoadBalancer|SecurityGroups|Subnets)|^(?:Register|Deregister)(?:Targets|Instance)$|^ModifyTargetGroupAttributes$|NatGateway|VpcEndpoint|VpcPeering|^(?:PutSecretValue|UpdateSecret|DeleteSecret|PutRolePolicy|DeleteRolePolicy|DetachRolePolicy|ChangeResourceRecordSets|DeleteLogGroup|BatchDeleteImage|PutImage|StopTask|PutParameter|DeleteParameter)$/u;

/** Calls of the last day that changed something a service rests on, newest first. */
export const trailEvents = defineFact({
  id: "trail-events",
  needs: {},
  permissions: ["cloudtrail:LookupEvents"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 20_000,
  rereadable: false,
  gather: async ({ ports, now, signal }) => {
    const { events, complete } = await ports.trail.changes(
      { from: now - windowMs, to: now },
      signal,
    );
    return {
      from: isoTime(now - windowMs),
      complete,
      events: events.filter((event) => relevant.test(event.name) && event.error === null),
    };
  },
});
