import { LookupEventsCommand, type CloudTrailClient, type Event } from "@aws-sdk/client-cloudtrail";
import { z } from "zod";
import type { TrailEvent, TrailPort } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { listed, type Call } from "./call.ts";
import { present, toIso } from "./values.ts";

export interface TrailSetting {
  readonly client: CloudTrailClient;
  readonly call: Call;
  readonly redactor: Redactor;
}

/** LookupEvents allows two calls a second and account: more pages would take other tools' share. */
const mostPages = 4;

/** The event as CloudTrail recorded it; of request parameters only ids and the few words below are read. */
const record = z.object({
  errorCode: z.string().optional(),
  userIdentity: z.object({ arn: z.string().optional() }).optional(),
  requestParameters: z.record(z.string(), z.unknown()).nullish(),
});

export function createTrailPort({ client, call, redactor }: TrailSetting): TrailPort {
  return {
    changes: async ({ from, to }, signal) => {
      const action = "cloudtrail:LookupEvents";
      const events: TrailEvent[] = [];
      let token: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const NextToken = token;
        // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
        const answer = await call(action, signal, (options) =>
          client.send(
            new LookupEventsCommand({
              StartTime: new Date(from),
              EndTime: new Date(to),
              LookupAttributes: [{ AttributeKey: "ReadOnly", AttributeValue: "false" }],
              MaxResults: 50,
              NextToken,
            }),
            options,
          ),
        );
        events.push(
          ...present(listed(action, "Events", answer.Events)).map((event) =>
            toTrailEvent(event, redactor),
          ),
        );
        token = answer.NextToken;
        if (token === undefined) break;
      }
      return {
        events: events.toSorted((a, b) => b.at.localeCompare(a.at)),
        complete: token === undefined,
      };
    },
  };
}

function toTrailEvent(event: Event, redactor: Redactor): TrailEvent {
  const parsed = record.safeParse(parseJson(event.CloudTrailEvent));
  const body = parsed.success ? parsed.data : {};
  const named = present(event.Resources).flatMap((one) => one.ResourceName ?? []);
  return {
    id: event.EventId ?? "",
    at: toIso(event.EventTime) ?? "",
    name: event.EventName ?? "",
    source: event.EventSource ?? "",
    by: toActor(event.Username ?? body.userIdentity?.arn, redactor),
    resources: [...new Set([...named, ...identifiers(body.requestParameters)])].map((one) =>
      redactor.text(one),
    ),
    details: detailsOf(body.requestParameters).map((one) => redactor.text(one)),
    error: body.errorCode ?? null,
  };
}

const toActor = (name: string | undefined, redactor: Redactor): string | null =>
  name === undefined ? null : redactor.text(name.slice(name.lastIndexOf("/") + 1));

const parseJson = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
};

/** Names and ARNs of what a call was about, such as service, groupId, ruleArn; no other parameter is kept. */
const identifiers = (
  parameters: Readonly<Record<string, unknown>> | null | undefined,
): readonly string[] =>
  Object.entries(parameters ?? {}).flatMap(([key, value]) =>
    typeof value === "string" &&
    /^(?:service|cluster|family|taskDefinition|\w*(?:Id|Arn|Name))$/u.test(key) &&
    value.length < 300
      ? [value]
      : [],
  );

/** Numbers and words that say what a call did, and hold no text of anybody's: counts, ports, ranges, paths. */
const telling: Readonly<Record<string, string>> = {
  desiredCount: "desired count",
  forceNewDeployment: "forced new deployment",
  port: "port",
  healthCheckPort: "health-check port",
  healthCheckPath: "health-check path",
};
const mostDetails = 4;

const permissions = z.object({
  items: z.array(
    z.object({
      ipProtocol: z.string(),
      fromPort: z.number().optional(),
      toPort: z.number().optional(),
      ipRanges: z
        .object({ items: z.array(z.object({ cidrIp: z.string() })).optional() })
        .optional(),
      groups: z.object({ items: z.array(z.object({ groupId: z.string() })).optional() }).optional(),
    }),
  ),
});

const detailsOf = (
  parameters: Readonly<Record<string, unknown>> | null | undefined,
): readonly string[] => {
  const rules = permissions.safeParse(parameters?.["ipPermissions"]);
  return [
    ...Object.entries(telling).flatMap(([key, words]) => {
      const value = parameters?.[key];
      if (value === true) return [words];
      const plain = typeof value === "number" || typeof value === "string";
      return plain ? [`${words} ${String(value).slice(0, 60)}`] : [];
    }),
    ...(rules.success ? rules.data.items : []).map(
      ({ ipProtocol, fromPort, toPort, ipRanges, groups }) =>
        [
          ipProtocol === "-1" ? "all traffic" : ipProtocol,
          fromPort === undefined || fromPort === -1
            ? ""
            : fromPort === toPort
              ? fromPort
              : `${fromPort}-${toPort ?? ""}`,
          ...(ipRanges?.items ?? []).map(({ cidrIp }) => cidrIp),
          ...(groups?.items ?? []).map(({ groupId }) => groupId),
        ]
          .filter((part) => part !== "")
          .join(" "),
    ),
  ].slice(0, mostDetails);
};
