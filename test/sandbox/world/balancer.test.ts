/** What the offline balancer does with a request, by the rule that takes it: real requests over TLS. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listenerArns, targetGroupArns } from "../../../src/sandbox/world/initial/balancers.ts";
import { keys } from "../../../src/sandbox/world/initial/outside.ts";
import { startLivingWorld, type LivingWorld } from "../../../src/sandbox/world/living.ts";
import type { LogInAction, Rule } from "../../../src/sandbox/world/state.ts";
import { createVisitor, inputs, type Seen } from "./visitor.ts";

let world: LivingWorld;
let rule: Rule;
let before: Rule;
beforeAll(async () => {
  world = await startLivingWorld([]);
  await world.settled();
  const found = world.state.elb.rules.find(
    (one) => one.listenerArn === listenerArns.mainHttps && one.priority === 20,
  );
  if (found === undefined) throw new Error("the listener has no rule 20");
  rule = found;
  before = structuredClone(found);
}, 30_000);
afterAll(async () => world.stop());
afterEach(() => {
  delete rule.transforms;
  Object.assign(rule, structuredClone(before));
});

const ask = async (path: string, method = "GET", headers = {}): Promise<Seen> =>
  createVisitor(world).visit(`https://api.hokus.ai${path}`, {
    method,
    headers: {
      authorization: `Bearer ${keys.probe}`,
      "content-type": "application/json",
      ...headers,
    },
    ...(method === "POST" ? { body: { inputs } } : {}),
  });
const predict = "/api/v1/models/21/predict";

describe("a rewrite", () => {
  const rewrite = (regex: string, replace: string): NonNullable<Rule["transforms"]> => [
    { type: "url-rewrite", rewrites: [{ regex, replace }] },
  ];
  it("brings the request to the path that the program serves", async () => {
    rule.transforms = rewrite("^/scoring/(\\d+)$", "/api/v1/models/$1/predict");
    expect((await ask("/scoring/21", "POST")).status).toBe(200);
  });
  it("leaves what it does not fit alone", async () => {
    rule.transforms = rewrite("^/img/(.*)$", "/$1");
    expect((await ask(predict, "POST")).status).toBe(200);
  });
  it("to a path that the program does not serve is answered by the program", async () => {
    rule.transforms = rewrite("^/api/(.*)$", "/$1");
    const answer = await ask(predict, "POST");
    expect([answer.status, answer.headers.server]).toEqual([404, "uvicorn"]);
  });
  it("that fails gives 500", async () => {
    rule.transforms = rewrite("^/api/.*$", "/$1");
    const answer = await ask(predict, "POST");
    expect([answer.status, answer.headers.server]).toEqual([500, "awselb/2.0"]);
  });
});

describe("a log-in", () => {
  const logIn = (change: Pick<LogInAction, "onUnauthenticatedRequest">): Rule["actions"] => [
    {
      type: "authenticate-oidc",
      order: 1,
      issuer: "https://login.example.com",
      authorizationEndpoint: "https://login.example.com/authorize",
      tokenEndpoint: "https://login.example.com/token",
      userInfoEndpoint: "https://login.example.com/userinfo",
      clientId: "tools",
      sessionCookieName: "AWSELBAuthSessionCookie",
      scope: "openid email",
      sessionTimeout: 604_800,
      ...change,
    },
    {
      type: "forward",
      order: 2,
      targetGroups: [{ targetGroupArn: targetGroupArns.api, weight: 1 }],
    },
  ];
  it("sends whoever has no session to the page, with what the code flow wants", async () => {
    rule.actions = logIn({ onUnauthenticatedRequest: "authenticate" });
    const answer = await ask(predict, "POST", { cookie: "AWSELBAuthSessionCookie-0=forged" });
    const page = new URL(answer.headers.location ?? "");
    expect([answer.status, page.origin + page.pathname]).toEqual([
      302,
      "https://login.example.com/authorize",
    ]);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      client_id: "tools",
      redirect_uri: "https://api.hokus.ai/oauth2/idpresponse",
      response_type: "code",
      scope: "openid email",
    });
  });
  it("of Cognito leads to the user pool's own page", async () => {
    rule.actions = [
      {
        type: "authenticate-cognito",
        order: 1,
        userPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc",
        userPoolClientId: "client",
        userPoolDomain: "hokusai-tools",
        sessionCookieName: "AWSELBAuthSessionCookie",
        scope: "openid",
        sessionTimeout: 604_800,
        onUnauthenticatedRequest: "authenticate",
      },
      ...before.actions,
    ];
    const page = new URL((await ask(predict)).headers.location ?? "");
    expect(page.hostname).toBe("hokusai-tools.auth.us-east-1.amazoncognito.com");
  });
  it.each([
    ["deny", 401, "awselb/2.0"],
    ["allow", 200, "uvicorn"],
  ] as const)("may %s", async (onUnauthenticatedRequest, status, server) => {
    rule.actions = logIn({ onUnauthenticatedRequest });
    const answer = await ask(predict, "POST");
    expect([answer.status, answer.headers.server]).toEqual([status, server]);
  });
});

describe("conditions", () => {
  it.each<readonly [string, Rule["conditions"][number], status: number]>([
    ["internal addresses only", { field: "source-ip", values: ["10.0.0.0/8"] }, 404],
    [
      "a header that is not sent",
      { field: "http-header", headerName: "X-Stage", values: ["*"] },
      404,
    ],
    [
      "a header that is",
      { field: "http-header", headerName: "Authorization", values: ["bearer hk_*"] },
      200,
    ],
    [
      "a regular expression",
      { field: "path-pattern", values: [], regexValues: ["^/api/v[0-9]+/models/"] },
      200,
    ],
    [
      "one that does not fit",
      { field: "path-pattern", values: [], regexValues: ["^/v[0-9]+/"] },
      404,
    ],
  ])("%s", async (_name, condition, status) => {
    rule.conditions = [...before.conditions, condition];
    expect((await ask(predict, "POST")).status).toBe(status);
  });
});

it("serves a second environment on its own name, next to the first", async () => {
  const answer = await createVisitor(world).visit("https://production.hokus.ai/openapi.json");
  expect(answer.status).toBe(200);
  const elsewhere = await ask("/health", "GET", { host: "production.hokus.ai" });
  expect([elsewhere.status, elsewhere.headers.server]).toEqual([404, "awselb/2.0"]);
});
