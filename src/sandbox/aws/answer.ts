import type { AwsApi } from "./api.ts";
import type { AwsError } from "./error.ts";

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Members as the wire names them. A Date becomes what the protocol writes for a timestamp. */
export type AnswerBody = Readonly<Record<string, unknown>>;

/** A good answer of `operation` in the protocol of `api`. */
export const toAnswer = (
  api: AwsApi,
  operation: string,
  body: AnswerBody,
  requestId: string,
): WireAnswer => {
  if (api.protocol === "json") return jsonAnswer(api, 200, body, requestId);
  if (api.protocol === "s3") return storedAnswer(api, body, requestId);
  const item = api.protocol === "ec2" ? "item" : "member";
  const inner =
    api.protocol === "ec2"
      ? element("requestId", requestId, item) + members(body, item)
      : element(`${operation}Result`, body, item) +
        element("ResponseMetadata", { RequestId: requestId }, item);
  const root = `<${operation}Response xmlns="${api.namespace}">${inner}</${operation}Response>`;
  return xmlAnswer(200, root, requestId);
};

/** An error in the shape of the protocol: `__type`, `<ErrorResponse>`, or EC2's `<Errors>`. */
export const toErrorAnswer = (api: AwsApi, error: AwsError, requestId: string): WireAnswer => {
  if (api.protocol === "json") {
    // Errors from the authorisation layer spell it "Message", those of the service "message".
    const key = error.code === "AccessDeniedException" ? "Message" : "message";
    const body = { __type: error.code, [key]: error.message, ...error.fields };
    const answer = jsonAnswer(api, error.status, body, requestId);
    if (api.queryCompatible !== true) return answer;
    const fault = error.status >= 500 ? "Receiver" : "Sender";
    const code = error.code.replace(/^AccessDeniedException$/u, "AccessDenied");
    return { ...answer, headers: { ...answer.headers, "x-amzn-query-error": `${code};${fault}` } };
  }
  if (api.protocol === "s3") {
    const { BucketRegion: region, ...fields } = error.fields;
    const body = { Code: error.code, Message: error.message, ...fields, RequestId: requestId };
    const answer = xmlAnswer(error.status, `<Error>${members(body, "item")}</Error>`, requestId);
    return typeof region === "string"
      ? { ...answer, headers: { ...answer.headers, "x-amz-bucket-region": region } }
      : answer;
  }
  if (api.protocol === "ec2") {
    const errors = { Error: { Code: error.code, Message: error.message } };
    const body = members({ Errors: errors, RequestID: requestId }, "item");
    return xmlAnswer(error.status, `<Response>${body}</Response>`, requestId);
  }
  const type = error.status >= 500 ? "Receiver" : "Sender";
  const body = members(
    { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId },
    "member",
  );
  const root = `<ErrorResponse xmlns="${api.namespace}">${body}</ErrorResponse>`;
  return xmlAnswer(error.status, root, requestId);
};

/** What an object holds, or a list, whose items stand side by side without an element around them. */
const storedAnswer = (api: AwsApi, body: AnswerBody, requestId: string): WireAnswer => {
  const stored = body["Body"];
  if (Buffer.isBuffer(stored)) {
    const headers = { "content-type": "application/octet-stream", "x-amz-request-id": requestId };
    return { status: 200, headers, body: stored };
  }
  const inner = Object.entries(body)
    .flatMap(([name, value]) =>
      Array.isArray(value)
        ? value.map((one: unknown) => element(name, one, "item"))
        : element(name, value, "item"),
    )
    .join("");
  const root = `<ListBucketResult xmlns="${api.namespace}">${inner}</ListBucketResult>`;
  return xmlAnswer(200, root, requestId);
};

const jsonAnswer = (
  api: AwsApi,
  status: number,
  body: AnswerBody,
  requestId: string,
): WireAnswer => ({
  status,
  headers: {
    "content-type": `application/x-amz-json-${api.jsonVersion}`,
    "x-amzn-requestid": requestId,
  },
  body: JSON.stringify(withEpochSeconds(body)),
});

/** JSON timestamps are epoch seconds with a fraction; Date's own toJSON would write ISO text. */
const withEpochSeconds = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withEpochSeconds(inner)]),
  );
};

const xmlAnswer = (status: number, root: string, requestId: string): WireAnswer => ({
  status,
  headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`,
});

const members = (body: AnswerBody, item: string): string =>
  Object.entries(body)
    .map(([name, value]) => element(name, value, item))
    .join("");

const element = (name: string, value: unknown, item: string): string => {
  if (value === undefined || value === null) return "";
  const inner = content(value, item);
  return inner === "" ? `<${name}/>` : `<${name}>${inner}</${name}>`;
};

const content = (value: unknown, item: string): string => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => element(item, entry, item)).join("");
  if (typeof value === "object" && value !== null) return members(value as AnswerBody, item);
  return escapeXml(String(value));
};

// Control characters other than tab and line feeds cannot be written in XML 1.0 at all.
// oxlint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu;

const escapeXml = (text: string): string =>
  text
    .replaceAll(unwritable, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;");
