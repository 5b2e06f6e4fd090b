import type { TrailEvent, WorldState } from "../world/state.ts";
import { optionalNumber, optionalText, optionalTime, structures, toDate } from "./call.ts";
import type { Operations } from "./call.ts";
import { AwsError } from "./error.ts";
import { sizeWithin, toPage } from "./paging.ts";

/** LookupEvents reaches back 90 days. */
const retentionMs = 90 * 24 * 60 * 60 * 1000;

export const cloudtrailOperations: Operations = {
  LookupEvents: (call) => {
    const attributes = structures(call, "LookupAttributes");
    if (attributes.length > 1) {
      const message = "You can specify only one lookup attribute in a request.";
      throw new AwsError("InvalidLookupAttributesException", message);
    }
    const tests = attributes.map(({ AttributeKey, AttributeValue }) => {
      const valuesOf = lookupKeys[String(AttributeKey)];
      if (valuesOf !== undefined) {
        return (one: TrailEvent) => valuesOf(one).includes(String(AttributeValue));
      }
      const message = `The lookup attribute ${String(AttributeKey)} is not valid.`;
      throw new AwsError("InvalidLookupAttributesException", message);
    });
    const now = call.state.now();
    const start = Math.max(optionalTime(call, "StartTime") ?? 0, now - retentionMs);
    const end = optionalTime(call, "EndTime") ?? now;
    if (start > end) {
      const message = "StartTime must be before EndTime and within the last 90 days.";
      throw new AwsError("InvalidTimeRangeException", message);
    }
    const found = call.state.trail
      .filter((one) => one.eventTime >= start && one.eventTime <= end)
      .filter((one) => tests.every((test) => test(one)))
      .toSorted((left, right) => right.eventTime - left.eventTime);
    const invalid = new AwsError("InvalidMaxResultsException", "MaxResults must be 1 to 50.");
    const size = sizeWithin(optionalNumber(call, "MaxResults"), 50, 50, invalid);
    const invalidToken = new AwsError("InvalidNextTokenException", "The token is not valid.");
    const page = toPage(found, optionalText(call, "NextToken"), size, invalidToken);
    return {
      Events: page.items.map((one) => toEvent(call.state, one)),
      NextToken: page.next,
    };
  },
};

const lookupKeys: Readonly<Record<string, (one: TrailEvent) => readonly (string | undefined)[]>> = {
  EventId: (one) => [one.eventId],
  EventName: (one) => [one.eventName],
  EventSource: (one) => [one.eventSource],
  ReadOnly: (one) => [String(one.readOnly)],
  Username: (one) => [one.username],
  AccessKeyId: (one) => [one.accessKeyId],
  ResourceName: (one) => one.resources.map((each) => each.resourceName),
  ResourceType: (one) => one.resources.map((each) => each.resourceType),
};

const toEvent = (state: WorldState, one: TrailEvent) => ({
  EventId: one.eventId,
  EventName: one.eventName,
  EventSource: one.eventSource,
  EventTime: toDate(one.eventTime),
  // The API writes this flag as text.
  ReadOnly: String(one.readOnly),
  AccessKeyId: one.accessKeyId,
  Username: one.username,
  Resources: one.resources.map(({ resourceType, resourceName }) => ({
    ResourceType: resourceType,
    ResourceName: resourceName,
  })),
  CloudTrailEvent: JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      arn: `arn:aws:sts::${state.account}:assumed-role/${one.username}`,
      accountId: state.account,
      accessKeyId: one.accessKeyId,
    },
    eventTime: new Date(one.eventTime).toISOString().replace(/\.\d+Z$/u, "Z"),
    eventSource: one.eventSource,
    eventName: one.eventName,
    awsRegion: state.region,
    sourceIPAddress: one.sourceIPAddress,
    requestParameters: one.requestParameters,
    responseElements: null,
    errorCode: one.errorCode,
    errorMessage: one.errorMessage,
    eventID: one.eventId,
    readOnly: one.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: state.account,
    eventCategory: "Management",
  }),
});
