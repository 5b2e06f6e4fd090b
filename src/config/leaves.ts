/** Single values of hokusai.yaml. Each says in words what is expected; docs/configuration.md repeats it. */
import { isIP, isIPv4 } from "node:net";
import { z } from "zod";

/** Replaces every message of `schema` by what was wanted. `quiet`: what was written may be a secret. */
const wanted = <Schema extends z.ZodType>(what: string, schema: Schema, quiet = false) =>
  z.unknown().transform((value, context): z.output<Schema> => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    context.addIssue({ code: "custom", message: what, params: { quiet } });
    return z.NEVER;
  });

/** A map with exactly these keys. The formatter finds the nearest one in the message. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(" ") : "a map"),
  });

export const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  (isIPv4(host) && host.startsWith("127."));

/** https, or http to this machine; no user or password in it. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

const trimmed = z.string().trim().min(1).max(2_000);
const withoutSlash = (url: string): string => url.replace(/\/+$/u, "");

export const text = wanted("some text", trimmed);
export const url = wanted(
  "an https:// URL without user or password (http:// only for localhost)",
  trimmed.refine(isSafeUrl).transform(withoutSlash),
);
/** An absolute URL, or a path on the host of the API's base URL. */
export const urlOrPath = wanted(
  "an https:// URL, or a path that starts with /",
  trimmed.refine((value) => /^\/(?!\/)\S*$/u.test(value) || isSafeUrl(value)),
);
export const path = wanted("a path that starts with /", trimmed.regex(/^\/(?!\/)\S*$/u));
export const modelPath = wanted(
  "a path that starts with / and holds {id}, the model's id",
  trimmed.regex(/^\/(?!\/)\S*\{id\}\S*$/u),
);
export const region = wanted(
  'an AWS region such as "us-east-1"',
  trimmed.regex(/^[a-z]{2}(-[a-z]+)+-\d$/u),
);
export const account = wanted(
  'the twelve digits of an AWS account, in quotes: "123456789012"',
  z.union([z.string(), z.int().transform(String)]).pipe(z.string().regex(/^\d{12}$/u)),
);
export const role = wanted(
  "the ARN of a role: arn:aws:iam::<account>:role/<name>",
  trimmed.regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/u),
);
export const port = wanted("a whole number from 1 to 65535", z.int().min(1).max(65_535));
export const wholeNumber = (least: number, most: number) =>
  wanted(`a whole number from ${least} to ${most}`, z.int().min(least).max(most));
export const seconds = (most: number) =>
  wanted(`seconds, more than 0 and at most ${most}`, z.number().positive().max(most));

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u);
const variableList = z.array(variable).min(1);
export const requiredVariable = wanted(
  "the name of a variable, or {anyOf: [[ONE], [OTHER, ANOTHER]]}",
  z.union([variable, z.strictObject({ anyOf: z.array(variableList).min(1) })]),
);
const secret = z.strictObject({ env: variable });
export const secretName = wanted(
  "{env: NAME}, the environment variable that holds it",
  secret,
  true,
);

/** Whether a URL names a server of one of these protocols and holds no password. */
const isOpenUrl = (protocols: readonly string[]) => (value: string) => {
  const parsed = URL.parse(value);
  return (
    parsed !== null &&
    protocols.includes(parsed.protocol) &&
    parsed.hostname !== "" &&
    parsed.password === ""
  );
};
export const redisUrl = wanted(
  "{env: NAME}, or a redis:// or rediss:// URL without a password",
  z.union([secret, trimmed.refine(isOpenUrl(["redis:", "rediss:"]))]),
  true,
);
export const postgresUrl = wanted(
  "{env: NAME}, or a postgres:// URL without a password",
  z.union([secret, trimmed.refine(isOpenUrl(["postgres:", "postgresql:"]))]),
  true,
);

export const host = wanted("a host name or an address", trimmed.regex(/^[A-Za-z0-9_.:-]{1,253}$/u));
const hostPort = /^(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/u;
const hasPort = (value: string): boolean => {
  const port = Number(hostPort.exec(value)?.[1]);
  return port >= 1 && port <= 65_535;
};
export const hostAndPort = wanted(
  'a host and a port: "api.example.local:8001"',
  trimmed.refine(hasPort),
);
/** The key of a map, which zod reads by itself. */
export const hostAndPortKey = z
  .string()
  .refine(hasPort, { error: 'a host and a port such as "api.example.com:443"' });
const addressOf = (value: string): string =>
  value.slice(0, value.lastIndexOf(":")).replace(/^\[|\]$/gu, "");
export const addressAndPort = wanted(
  'an address and a port: "127.0.0.1:8443" or "[::1]:8443"',
  trimmed.refine((value) => hasPort(value) && isIP(addressOf(value)) !== 0),
);
export const addressRange = wanted(
  'a range of addresses: "10.0.0.0/16", or one address',
  trimmed
    .refine((value) => {
      const [address = "", bits, more] = value.split("/");
      const family = isIP(address);
      if (family === 0 || more !== undefined) return false;
      return (
        bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
      );
    })
    .transform((value) => (value.includes("/") ? value : `${value}/${isIPv4(value) ? 32 : 128}`)),
);
export const repository = wanted('"owner/name"', trimmed.regex(/^[\w.-]+\/[\w.-]+$/u));
export const table = wanted(
  'the name of a table, with its schema where needed: "public.deployed_models"',
  trimmed.regex(/^[A-Za-z_]\w{0,62}(\.[A-Za-z_]\w{0,62})?$/u),
);
export const headerName = wanted(
  "the name of an HTTP header",
  trimmed.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/u),
);
export const possiblyEmptyText = wanted('some text, or ""', z.string().max(100));
export const requestBody = wanted(
  "the request of a valid prediction: a map with at least one key",
  z.record(z.string(), z.unknown()).refine((body) => Object.keys(body).length > 0),
);
export const range = wanted(
  "two numbers, least and most: [0, 100]",
  z.tuple([z.number(), z.number()]).refine(([least, most]) => least <= most),
);
export const yesOrNo = wanted("true or false", z.boolean());
/** ECS: letters, digits, - and _. */
export const containerName = wanted(
  "the name of a container in the task definition",
  trimmed.regex(/^[A-Za-z0-9_-]{1,255}$/u),
);
/** No ARN: the audit trail and the console name services as they are named here. */
const ecsName = trimmed.regex(/^[A-Za-z0-9_-]{1,255}$/u);
export const ecsCluster = wanted("the name of an ECS cluster (letters, digits, - and _)", ecsName);
export const ecsService = wanted("the name of an ECS service (letters, digits, - and _)", ecsName);
export const slackUser = wanted(
  'the id of a Slack user such as "U0123ABCD" (profile, three dots, Copy member ID)',
  trimmed.regex(/^[UW][A-Z0-9]{2,30}$/u),
);
export const vantage = wanted('"internet" or "vpc"', z.enum(["internet", "vpc"]));
export const version = wanted("1, the version of this format", z.literal(1));
/** The key of an environment, a service or a model. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/u, { error: "letters, digits, dots, - and _" });
/** A list, which says so itself where it is something else. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, { error: "a list" });
export const mapOf = <Value extends z.ZodType>(key: z.ZodType<string, string>, value: Value) =>
  z.record(key, value, { error: "a map" });
