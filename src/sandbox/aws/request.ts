import type { IncomingHttpHeaders } from "node:http";
import { apiOfSigningName, apiOfTarget, apiOfVersion } from "./api.ts";
import type { AwsApi } from "./api.ts";
import { AwsError } from "./error.ts";
import { toQueryInput } from "./query-input.ts";

export interface AwsRequest {
  readonly api: AwsApi;
  /** "DescribeServices". */
  readonly operation: string;
  /** The IAM action, "ecs:DescribeServices". */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly signature: Signature;
}

/** What stands in the Authorization header; the signature itself is not verified. */
export type Signature =
  | { readonly state: "missing" }
  | { readonly state: "incomplete" }
  | { readonly state: "present"; readonly accessKeyId: string; readonly region: string };

/** Which API and operation a request names, and its members. Undefined: no AWS request at all. */
export const toAwsRequest = (
  headers: IncomingHttpHeaders,
  body: string,
  line: RequestLine = {},
): AwsRequest | undefined => {
  const { signature, service } = toSignature(headers.authorization);
  if (service === "s3") return toS3Request(line, signature);
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const dot = target.lastIndexOf(".");
    const api = apiOfTarget(target.slice(0, dot)) ?? apiOfSigningName(service ?? "");
    if (api === undefined) return undefined;
    return toRequest(api, target.slice(dot + 1), readJson(api, body), signature);
  }
  if (!/^application\/x-www-form-urlencoded/iu.test(headers["content-type"] ?? "")) {
    return undefined;
  }
  const form = new URLSearchParams(body);
  const api = apiOfVersion(form.get("Version") ?? "") ?? apiOfSigningName(service ?? "");
  if (api === undefined) return undefined;
  return toRequest(api, form.get("Action") ?? "", toQueryInput(form), signature);
};

/** What the other protocols do not need: they post everything to "/". */
export interface RequestLine {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** S3 names bucket and key in the path, the rest in the query; what is none of its two calls is unknown. */
const toS3Request = (
  { method, url }: RequestLine,
  signature: Signature,
): AwsRequest | undefined => {
  const api = apiOfSigningName("s3");
  if (api === undefined) return undefined;
  const { pathname, searchParams } = new URL(url ?? "/", "http://s3");
  const [, Bucket = "", ...rest] = pathname.split("/").map(decodeURIComponent);
  const Key = rest.join("/");
  const input = { ...Object.fromEntries(searchParams), Bucket, ...(Key === "" ? {} : { Key }) };
  const lists = method === "GET" && Key === "" && searchParams.get("list-type") === "2";
  const gets = method === "GET" && Key !== "";
  const operation = lists ? "ListObjectsV2" : gets ? "GetObject" : "Unknown";
  // The permission to list is called after the bucket, not after the call.
  const action = lists ? "s3:ListBucket" : `s3:${operation}`;
  return { api, operation, action, input, signature };
};

const toRequest = (
  api: AwsApi,
  operation: string,
  input: AwsRequest["input"],
  signature: Signature,
): AwsRequest => ({ api, operation, action: `${api.prefix}:${operation}`, input, signature });

const readJson = (api: AwsApi, body: string): Readonly<Record<string, unknown>> => {
  if (body === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new UnreadableBody(api);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UnreadableBody(api);
};

/** The body is not what the protocol wants; carries the API so that the answer has its shape. */
export class UnreadableBody extends AwsError {
  readonly api: AwsApi;

  constructor(api: AwsApi) {
    super("SerializationException", "The request body could not be read.");
    this.api = api;
  }
}

const toSignature = (header: string | undefined): { signature: Signature; service?: string } => {
  if (header === undefined || header === "") return { signature: { state: "missing" } };
  const match =
    /^AWS4-HMAC-SHA256 Credential=(?<key>[^/\s]+)\/\d{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request,\s*SignedHeaders=[^,\s]+,\s*Signature=[0-9a-f]{64}$/u.exec(
      header,
    );
  if (match?.groups === undefined) return { signature: { state: "incomplete" } };
  const { key = "", region = "", service = "" } = match.groups;
  return { signature: { state: "present", accessKeyId: key, region }, service };
};
