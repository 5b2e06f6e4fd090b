/**
 * The AWS APIs this server speaks: how a request names each, and how each answers.
 * Source: the protocol settings of the installed SDK clients.
 */
export type WireProtocol = "json" | "query" | "ec2" | "s3";

export interface AwsApi {
  /** The prefix of its IAM actions, "elasticloadbalancing". */
  readonly prefix: string;
  readonly protocol: WireProtocol;
  /** The name in the signature's credential scope. */
  readonly signingName: string;
  /** JSON: what stands before the dot in X-Amz-Target; JSON version "1.0" or "1.1". */
  readonly target?: string;
  readonly jsonVersion?: "1.0" | "1.1";
  /** JSON of a service that once spoke Query: its errors carry x-amzn-query-error too. */
  readonly queryCompatible?: true;
  /** Query and EC2: the Version form field, and the XML namespace of answers. */
  readonly version?: string;
  readonly namespace?: string;
}

const json = (
  prefix: string,
  target: string,
  options: { signingName?: string; jsonVersion?: "1.0" | "1.1"; queryCompatible?: true } = {},
): AwsApi => ({
  prefix,
  protocol: "json",
  signingName: options.signingName ?? prefix,
  target,
  jsonVersion: options.jsonVersion ?? "1.1",
  ...(options.queryCompatible === true ? { queryCompatible: true } : {}),
});

export const awsApis: readonly AwsApi[] = [
  json("ecs", "AmazonEC2ContainerServiceV20141113"),
  json("logs", "Logs_20140328"),
  json("servicediscovery", "Route53AutoNaming_v20170314"),
  json("cloudtrail", "CloudTrail_20131101"),
  json("cloudwatch", "GraniteServiceVersion20100801", {
    signingName: "monitoring",
    jsonVersion: "1.0",
    queryCompatible: true,
  }),
  json("ecr", "AmazonEC2ContainerRegistry_V20150921"),
  json("secretsmanager", "secretsmanager"),
  {
    prefix: "elasticloadbalancing",
    protocol: "query",
    signingName: "elasticloadbalancing",
    version: "2015-12-01",
    namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  },
  {
    prefix: "ec2",
    protocol: "ec2",
    signingName: "ec2",
    version: "2016-11-15",
    namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
  },
  {
    prefix: "sts",
    protocol: "query",
    signingName: "sts",
    version: "2011-06-15",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  },
  {
    prefix: "s3",
    protocol: "s3",
    signingName: "s3",
    namespace: "http://s3.amazonaws.com/doc/2006-03-01/",
  },
];

export const apiOfTarget = (target: string): AwsApi | undefined =>
  awsApis.find((api) => api.target === target);

export const apiOfVersion = (version: string): AwsApi | undefined =>
  awsApis.find((api) => api.version === version);

export const apiOfSigningName = (name: string): AwsApi | undefined =>
  awsApis.find((api) => api.signingName === name);
