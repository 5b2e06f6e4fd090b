/** What a task has to reach before its program runs, by what its definition names. */
import { expect, it } from "vitest";
import type { Fact, GatherContext } from "#core/fact.ts";
import { startHosts, type StartHost } from "#facts/start-hosts.ts";
import { target } from "../checks/samples.ts";

const account = "123456789012";
const ecr = (region: string, suffix = "amazonaws.com"): string =>
  `${account}.dkr.ecr.${region}.${suffix}/api:1`;
const secret = (from: string) => ({ secrets: [{ name: "KEY", from }] });

async function hosts(container: object): Promise<readonly StartHost[]> {
  const given = { name: "api", image: null, secrets: [], logs: null, ...container };
  return startHosts.gather({
    ports: { probe: { resolve: async () => ({ addresses: ["203.0.113.7"] }) } },
    target,
    reported: null,
    facts: { definition: { current: { containers: [given] }, previous: null } },
    signal: AbortSignal.timeout(1_000),
    now: 0,
    runId: "0",
  } as unknown as GatherContext<Fact["needs"]> as never);
}

it.each([
  ["nothing", {}, []],
  [
    "an image of ECR",
    { image: ecr("eu-west-1") },
    [
      "api.ecr.eu-west-1.amazonaws.com ecr.api",
      `${account}.dkr.ecr.eu-west-1.amazonaws.com ecr.dkr`,
      "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com s3",
    ],
  ],
  [
    "an image of ECR in China",
    { image: ecr("cn-north-1", "amazonaws.com.cn") },
    [
      "api.ecr.cn-north-1.amazonaws.com.cn ecr.api",
      `${account}.dkr.ecr.cn-north-1.amazonaws.com.cn ecr.dkr`,
      "prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn s3",
    ],
  ],
  ["an official image", { image: "nginx:1.27" }, ["registry-1.docker.io null"]],
  ["an image of Docker Hub", { image: "acme/api:1" }, ["registry-1.docker.io null"]],
  ["Docker Hub by name", { image: "docker.io/acme/api:1" }, ["registry-1.docker.io null"]],
  ["ECR Public", { image: "public.ecr.aws/acme/api:1" }, ["public.ecr.aws null"]],
  [
    "a registry with a port",
    { image: "registry.acme.example:5000/api" },
    ["registry.acme.example null"],
  ],
  [
    "a secret, in its own region",
    secret(`arn:aws:secretsmanager:eu-central-1:${account}:secret:key-AbCdEf:field::`),
    ["secretsmanager.eu-central-1.amazonaws.com secretsmanager"],
  ],
  [
    "a parameter by its ARN",
    secret(`arn:aws:ssm:eu-central-1:${account}:parameter/key`),
    ["ssm.eu-central-1.amazonaws.com ssm"],
  ],
  ["a parameter by its name", secret("/api/key"), ["ssm.us-east-1.amazonaws.com ssm"]],
  [
    "logs of CloudWatch",
    { logs: { driver: "awslogs", options: {} } },
    ["logs.us-east-1.amazonaws.com logs"],
  ],
  [
    "logs of CloudWatch in another region",
    { logs: { driver: "awslogs", options: { "awslogs-region": "us-west-2" } } },
    ["logs.us-west-2.amazonaws.com logs"],
  ],
  ["logs elsewhere", { logs: { driver: "splunk", options: {} } }, []],
])("%s", async (_what, container, expected) => {
  const seen = (await hosts(container)).map(({ host, product }) => `${host} ${product}`);
  expect(seen).toEqual(expected);
});

it("asks for each host once, with the addresses seen from here", async () => {
  const one = `arn:aws:secretsmanager:us-east-1:${account}:secret:a-AbCdEf`;
  const seen = await hosts({ secrets: [one, `${one}2`].map((from) => ({ name: from, from })) });
  expect(seen).toEqual([
    {
      what: "secrets",
      host: "secretsmanager.us-east-1.amazonaws.com",
      product: "secretsmanager",
      addresses: ["203.0.113.7"],
    },
  ]);
});
