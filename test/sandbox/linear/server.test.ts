import { LinearClient } from "@linear/sdk";
import * as sdk from "@linear/sdk";
import { parse, validate } from "graphql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linearSchema } from "#sandbox/linear/schema.ts";
import { startLinear } from "#sandbox/linear/server.ts";
import type { LinearOptions, LinearWorld } from "#sandbox/linear/server.ts";

let world: LinearWorld;
let client: LinearClient;
const connect = (): void => {
  client = new LinearClient({ apiKey: world.apiKey, apiUrl: world.url });
};
const restart = async (options: LinearOptions): Promise<void> => {
  await world.stop();
  world = await startLinear(options);
  connect();
};
/** A request of one's own, as the bot makes them. */
const ask = async <T>(query: string, variables: Record<string, unknown> = {}): Promise<T> =>
  (await client.client.rawRequest<T, Record<string, unknown>>(query, variables)).data as T;
interface Refusal {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly forPeople?: string;
}
const refusalOf = async (call: Promise<unknown>): Promise<Refusal> => {
  try {
    await call;
    return {};
  } catch (error) {
    const raw = (error as { raw?: object }).raw ?? error;
    const { status, errors } =
      (
        raw as {
          response?: {
            status?: number;
            errors?: { message: string; extensions: Record<string, string> }[];
          };
        }
      ).response ?? {};
    const [first] = errors ?? [];
    return {
      ...(status === undefined ? {} : { status }),
      ...(first === undefined
        ? {}
        : {
            code: first.extensions["code"] ?? "",
            message: first.message,
            forPeople: first.extensions["userPresentableMessage"] ?? "",
          }),
    };
  }
};
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const open = async (title = "Model 21 is down", more: object = {}): Promise<string> => {
  const payload = await client.createIssue({ teamId: world.ids.team, title, ...more });
  return payload.issueId ?? "";
};
const stateId = (name: string): Promise<string> =>
  client.workflowStates({ filter: { name: { eq: name } } }).then(({ nodes }) => nodes[0]?.id ?? "");
const titles = async (filter: object): Promise<string[]> => {
  const { issues } = await ask<{ issues: { nodes: { title: string }[] } }>(
    "query Found($filter: IssueFilter) { issues(first: 50, filter: $filter) { nodes { title } } }",
    { filter },
  );
  return issues.nodes.map(({ title }) => title).toSorted();
};

beforeEach(async () => {
  world = await startLinear();
  connect();
});
afterEach(() => world.stop());

describe("the schema", () => {
  it("is the one of the SDK: each of its operations is valid", () => {
    const documents = Object.entries(sdk.LinearDocument)
      .filter(([name]) => name.endsWith("Document"))
      .map(([name, document]) => [name, (document as { toString(): string }).toString()] as const);
    expect(documents.length).toBeGreaterThan(600);
    const wrong = documents.filter(([, text]) => validate(linearSchema(), parse(text)).length > 0);
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  it.each([
    ["a field that is none", "query { viewer { nickname } }", {}, "nickname"],
    [
      "a filter that is none",
      'query { issues(filter: { attachments: { some: { metadata: { eq: "a" } } } }) { nodes { id } } }',
      {},
      "metadata",
    ],
    ["an argument that is missing", "query { issue { id } }", {}, "id"],
    ["what does not parse", "query { viewer {", {}, "Syntax Error"],
    [
      "a mutation's input without a team",
      "mutation A($i: IssueCreateInput!) { issueCreate(input: $i) { success } }",
      { i: { title: "a" } },
      "teamId",
    ],
  ])("refuses %s", async (_, query, variables, named) => {
    const refusal = await refusalOf(ask(query, variables));
    expect(refusal).toMatchObject({
      code: "GRAPHQL_VALIDATION_FAILED",
      message: expect.stringContaining(named),
    });
    expect(world.changes).toEqual([]);
  });

  it("says what the sandbox does not serve", async () => {
    expect(await refusalOf(client.projects())).toMatchObject({ code: "FEATURE_NOT_ACCESSIBLE" });
  });
});

describe("who asks", () => {
  const header = async (authorization: string | null): Promise<number> => {
    const headers = {
      "content-type": "application/json",
      ...(authorization === null ? {} : { authorization }),
    };
    return (
      await fetch(world.url, {
        method: "POST",
        headers,
        body: JSON.stringify({ query: "{ viewer { id } }" }),
      })
    ).status;
  };
  it("takes the key bare and the token as Bearer", async () => {
    expect(await header(world.apiKey)).toBe(200);
    expect(await header(`Bearer ${world.accessToken}`)).toBe(200);
    expect(await header(`Bearer ${world.apiKey}`)).toBe(400);
    expect(await header("lin_api_other")).toBe(401);
    expect(await header(null)).toBe(401);
  });
  it("tells the key's owner from the app", async () => {
    expect((await client.viewer).isMe).toBe(true);
    const app = new LinearClient({ accessToken: world.accessToken, apiUrl: world.url });
    expect((await app.viewer).app).toBe(true);
    expect(
      await refusalOf(new LinearClient({ apiKey: "lin_api_x", apiUrl: world.url }).viewer),
    ).toMatchObject({ code: "AUTHENTICATION_ERROR" });
  });
});

describe("issues", () => {
  it("are numbered, and read by the SDK's getters", async () => {
    const issue = await client.issue(
      await open("Model 21 is down", { description: "- one\n- two  \n\n\n\nend" }),
    );
    expect([issue.identifier, issue.number, issue.description]).toEqual([
      "HOK-123",
      123,
      "* one\n* two\n\nend",
    ]);
    expect(issue.url).toBe("https://linear.app/hokusai/issue/HOK-123/model-21-is-down");
    expect((await issue.state)?.name).toBe("Backlog");
    expect((await issue.team)?.key).toBe("HOK");
    expect((await issue.creator)?.isMe).toBe(true);
    expect((await client.issue("HOK-123")).id).toBe(issue.id);
    expect((await (await client.organization).teams()).nodes.map(({ key }) => key)).toEqual([
      "HOK",
    ]);
  });

  it("move between the states of their team", async () => {
    const issue = await open();
    const started = await client.updateIssue(issue, { stateId: await stateId("In Progress") });
    expect((await started.issue)?.startedAt).toBeInstanceOf(Date);
    await client.updateIssue("HOK-123", { stateId: await stateId("Done") });
    expect(world.issue("HOK-123")).toMatchObject({
      state: { type: "completed" },
      completedAt: expect.any(String),
    });
    expect(await refusalOf(client.updateIssue(issue, { stateId: id(9) }))).toMatchObject({
      code: "INPUT_ERROR",
      message: "Entity not found: WorkflowState",
    });
  });

  it("take labels one by one, without a race", async () => {
    const issue = await open();
    const { nodes } = await client.issueLabels();
    const label = (name: string): string => nodes.find((each) => each.name === name)?.id ?? "";
    await client.updateIssue(issue, { addedLabelIds: [label("incident")] });
    world.asPerson.addLabel("HOK-123", "bug");
    await client.updateIssue(issue, {
      addedLabelIds: [label("model-21")],
      removedLabelIds: [label("incident")],
    });
    expect(world.issue("HOK-123")?.labels).toEqual(["bug", "model-21"]);
  });

  it("are found by what the bot looks for", async () => {
    const [one, two] = [await open("one"), await open("two")];
    world.asPerson.openIssue("a person's");
    await client.updateIssue(two, { stateId: await stateId("Done") });
    await client.createAttachment({ issueId: one, title: "Slack", url: "https://slack.example/1" });
    world.asPerson.addLabel("HOK-123", "incident");
    const rows: [object, string[]][] = [
      [{ team: { key: { eq: "HOK" } } }, ["a person's", "one", "two"]],
      [
        {
          team: { id: { eq: world.ids.team } },
          state: { type: { nin: ["completed", "canceled"] } },
        },
        ["a person's", "one"],
      ],
      [{ creator: { isMe: { eq: true } } }, ["one", "two"]],
      [{ labels: { some: { name: { eq: "incident" } } } }, ["one"]],
      [{ labels: { name: { in: ["incident"] } } }, ["one"]],
      [{ labels: { every: { name: { neq: "incident" } } } }, ["a person's", "two"]],
      [{ title: { startsWith: "o" } }, ["one"]],
      [{ title: { containsIgnoreCase: "PERSON" } }, ["a person's"]],
      [{ number: { gte: 124 } }, ["a person's", "two"]],
      [
        {
          attachments: { some: { url: { eq: "https://slack.example/1" }, title: { eq: "Slack" } } },
        },
        ["one"],
      ],
      [{ attachments: { length: { eq: 0 } } }, ["a person's", "two"]],
      [
        { assignee: { null: true }, or: [{ title: { eq: "one" } }, { title: { eq: "two" } }] },
        ["one", "two"],
      ],
      [{ createdAt: { lt: "2000-01-01" } }, []],
    ];
    for (const [filter, expected] of rows)
      expect([filter, await titles(filter)]).toEqual([filter, expected]);
    expect(await refusalOf(titles({ estimate: { eq: 1 } }))).toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("come in pages, newest first", async () => {
    for (const title of ["a", "b", "c"]) await open(title);
    const first = await client.issues({ first: 2 });
    expect(first.nodes.map(({ title }) => title)).toEqual(["c", "b"]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await client.issues({ first: 2, after: first.pageInfo.endCursor ?? "" });
    expect(second.nodes.map(({ title }) => title)).toEqual(["a"]);
    await client.updateIssue("HOK-123", { priority: 1 });
    const orderBy = sdk.LinearDocument.PaginationOrderBy.UpdatedAt;
    expect((await client.issues({ orderBy })).nodes.map(({ title }) => title)).toEqual([
      "a",
      "c",
      "b",
    ]);
    expect(await refusalOf(client.issues({ first: 251 }))).toMatchObject({ code: "INVALID_INPUT" });
  });

  it("relate to each other", async () => {
    const [one, two] = [await open("one"), await open("two")];
    const type = sdk.LinearDocument.IssueRelationType.Related;
    await client.createIssueRelation({ issueId: one, relatedIssueId: two, type });
    const [relation] = (await (await client.issue(one)).relations()).nodes;
    expect((await relation?.relatedIssue)?.title).toBe("two");
  });

  it("need one request with a document of one's own", async () => {
    await open();
    await client.createComment({ issueId: "HOK-123", body: "first" });
    const { issue } = await ask<{ issue: object }>(
      `query Ticket($id: String!) { issue(id: $id) { identifier state { name type position } labels(first: 5) { nodes { name } }
         comments(first: 5) { nodes { id body user { isMe } } } attachments(first: 5) { nodes { url metadata } } } }`,
      { id: "HOK-123" },
    );
    expect(issue).toEqual({
      identifier: "HOK-123",
      state: { name: "Backlog", type: "backlog", position: 1 },
      labels: { nodes: [] },
      comments: { nodes: [{ id: expect.any(String), body: "first", user: { isMe: true } }] },
      attachments: { nodes: [] },
    });
    expect(world.calls.at(-1)).toMatchObject({
      operation: "Ticket",
      fields: ["issue"],
      status: 200,
      error: null,
    });
  });
});

describe("client-supplied ids", () => {
  it.each<[string, (issueId: string) => Promise<unknown>]>([
    ["Issue", () => client.createIssue({ id: id(1), teamId: world.ids.team, title: "a" })],
    ["Comment", (issueId) => client.createComment({ id: id(2), issueId, body: "a" })],
    [
      "IssueRelation",
      (issueId) =>
        client.createIssueRelation({
          id: id(3),
          issueId,
          relatedIssueId: issueId,
          type: sdk.LinearDocument.IssueRelationType.Related,
        }),
    ],
  ])("conflict when they are used again: %s", async (entity, create) => {
    const issueId = await open();
    await create(issueId);
    const changes = world.changes.length;
    const [used] = world.changes.at(-1)?.id.match(/\S+/) ?? [];
    expect(await refusalOf(create(issueId))).toEqual({
      status: 200,
      code: "INPUT_ERROR",
      message: `conflict on insert of ${entity}`,
      forPeople: `Entity ${entity} with id ${used} already exists.`,
    });
    expect(world.changes).toHaveLength(changes);
  });

  it("conflict also when the comment was deleted, and have to be UUIDs", async () => {
    const issueId = await open();
    await client.createComment({ id: id(2), issueId, body: "a" });
    world.asPerson.deleteComment(id(2));
    expect(await refusalOf(client.createComment({ id: id(2), issueId, body: "a" }))).toMatchObject({
      message: "conflict on insert of Comment",
    });
    expect(
      await refusalOf(client.createComment({ id: "run-1", issueId, body: "a" })),
    ).toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("comments and attachments", () => {
  it("edits a comment in place, and notices when it is gone", async () => {
    await open();
    const { commentId = "" } = await client.createComment({
      issueId: "HOK-123",
      body: "- checking",
    });
    await client.updateComment(commentId, { body: "down\n\n\n\n+++ Findings\n- a\n+++" });
    expect(world.comments("HOK-123").map(({ body }) => body)).toEqual([
      "down\n\n+++ Findings\n* a\n+++",
    ]);
    await client.updateComment(commentId, { body: "down\n\n+++ Findings\n* a\n+++" });
    expect(world.changes.map(({ entity, action }) => `${entity} ${action}`)).toEqual([
      "Issue create",
      "Comment create",
      "Comment update",
    ]);
    world.asPerson.deleteComment(commentId);
    expect(await refusalOf(client.updateComment(commentId, { body: "x" }))).toEqual({
      status: 200,
      code: "INPUT_ERROR",
      message: "Entity not found: Comment",
      forPeople: "Could not find referenced Comment.",
    });
  });

  it("attaches a URL once, and keeps its first id", async () => {
    await open();
    const url = "https://slack.example/archives/C1/p1";
    const first = await client.createAttachment({
      id: id(5),
      issueId: "HOK-123",
      title: "Thread",
      url,
      metadata: { status: "checking", run: 1 },
    });
    const second = await client.createAttachment({
      id: id(6),
      issueId: "HOK-123",
      title: "Thread: down",
      url,
      metadata: { status: "down", run: 2 },
    });
    expect([first.attachmentId, second.attachmentId]).toEqual([id(5), id(5)]);
    expect(world.attachments("HOK-123")).toMatchObject([
      { title: "Thread: down", metadata: { status: "down", run: 2 } },
    ]);
    expect((await client.attachmentsForURL(url)).nodes.map((attachment) => attachment.id)).toEqual([
      id(5),
    ]);
    expect(
      await refusalOf(
        client.createAttachment({
          issueId: "HOK-123",
          title: "a",
          url,
          metadata: { deep: { er: 1 } },
        }),
      ),
    ).toMatchObject({ code: "INVALID_INPUT" });
  });

  it("holds so many comments and no more", async () => {
    await restart({ commentsPerIssue: 2 });
    await open();
    const comment = () => client.createComment({ issueId: "HOK-123", body: "a" });
    await comment();
    await comment();
    expect(await refusalOf(comment())).toMatchObject({ code: "QUOTA_EXCEEDED" });
  });

  it("takes a file with all the headers it asked for", async () => {
    const { uploadFile } = await client.fileUpload("image/png", "chart.png", 3);
    const asked = Object.fromEntries(
      (uploadFile?.headers ?? []).map(({ key, value }) => [key, value]),
    );
    const put = async (headers: Record<string, string>): Promise<number> =>
      (
        await fetch(uploadFile?.uploadUrl ?? "", {
          method: "PUT",
          headers: { "content-type": "image/png", ...headers },
          body: "png",
        })
      ).status;
    expect(await put({})).toBe(403);
    expect(await put(asked)).toBe(200);
    expect(world.uploads).toMatchObject([
      { filename: "chart.png", assetUrl: uploadFile?.assetUrl, bytes: Buffer.from("png") },
    ]);
  });
});

describe("people", () => {
  it("change tickets under the bot's hands", async () => {
    await open();
    world.asPerson.moveState("HOK-123", "In Progress");
    world.asPerson.editDescription("HOK-123", "- mine");
    const { id: commentId } = world.asPerson.comment("HOK-123", "on it");
    expect(world.issue("HOK-123")).toMatchObject({
      state: { name: "In Progress" },
      description: "* mine",
      comments: [{ body: "on it" }],
    });
    expect((await (await client.comment({ id: commentId })).user)?.isMe).toBe(false);
    expect(
      world.changes
        .filter(({ byPerson }) => byPerson)
        .map(({ entity, action, before }) => [entity, action, Object.keys(before ?? {})]),
    ).toEqual([
      ["Issue", "update", ["stateId"]],
      ["Issue", "update", ["description"]],
      ["Comment", "create", []],
    ]);
    world.asPerson.deleteIssue("HOK-123");
    expect(await refusalOf(client.issue("HOK-123"))).toMatchObject({
      code: "INPUT_ERROR",
      message: "Entity not found: Issue",
    });
    expect(world.issue("HOK-123")).toBeNull();
    await open();
    expect(world.issues().map(({ identifier }) => identifier)).toEqual(["HOK-124"]);
  });

  it("are followed live", async () => {
    const seen: string[] = [];
    const end = world.onChange(({ entity, action }) => seen.push(`${entity} ${action}`));
    await open();
    end();
    await open();
    expect(seen).toEqual(["Issue create"]);
  });
});

describe("limits", () => {
  const headersOf = async (query: string): Promise<Headers> =>
    (
      await fetch(world.url, {
        method: "POST",
        headers: { authorization: world.apiKey },
        body: JSON.stringify({ query }),
      })
    ).headers;

  it("counts points as documented and tells what is left", async () => {
    const headers = await headersOf("{ issues(first: 10) { nodes { id title } } }");
    expect(headers.get("x-complexity")).toBe("13");
    expect(headers.get("x-ratelimit-requests-remaining")).toBe("2499");
    expect(headers.get("x-ratelimit-complexity-remaining")).toBe(String(3_000_000 - 13));
    expect(Number(headers.get("x-ratelimit-requests-reset"))).toBeGreaterThan(Date.now());
  });

  it("refuses a query of more than 10,000 points", async () => {
    const query = "{ issues(first: 250) { nodes { comments(first: 250) { nodes { id } } } } }";
    expect(await refusalOf(ask(query))).toMatchObject({ status: 400, code: "INVALID_INPUT" });
  });

  it("answers RATELIMITED when the hour's allowance is used up, until the hour is over", async () => {
    let time = 1_800_000_000_000;
    await restart({ allowance: { requests: 2, complexity: 1_000 }, now: () => time });
    const call = () => refusalOf(ask("{ viewer { id } }"));
    expect([await call(), await call()]).toEqual([{}, {}]);
    expect(await call()).toMatchObject({ status: 400, code: "RATELIMITED" });
    time += 3_600_000;
    expect(await call()).toEqual({});
    world.exhaust();
    expect(await call()).toMatchObject({ code: "RATELIMITED" });
    world.heal();
    expect(await call()).toEqual({});
  });
});

describe("failures", () => {
  it.each([
    ["an error of Linear's", "commentCreate", "INTERNAL_SERVER_ERROR", 500],
    ["a rate limit", "commentCreate", "RATELIMITED", 400],
    ["a gateway's 502, by the operation's name", "createComment", { http: 502 }, 502],
    ["a cut connection", "*", { reset: true }, null],
  ] as const)("answers with %s, once", async (_, name, failure, status) => {
    await open();
    world.fail(name, failure);
    const comment = () => client.createComment({ issueId: "HOK-123", body: "a" });
    await expect(comment()).rejects.toThrow(/./);
    expect(world.calls.at(-1)?.status).toBe(status);
    expect(world.comments("HOK-123")).toHaveLength(0);
    await comment();
    expect(world.comments("HOK-123")).toHaveLength(1);
  });

  it("does the work and loses the answer: sent again, it conflicts", async () => {
    await open();
    world.loseAnswer("commentCreate");
    const comment = () => client.createComment({ id: id(7), issueId: "HOK-123", body: "once" });
    await expect(comment()).rejects.toThrow(/./);
    expect(world.calls.at(-1)).toMatchObject({ status: null, error: null });
    expect(await refusalOf(comment())).toMatchObject({ message: "conflict on insert of Comment" });
    expect(world.comments("HOK-123")).toHaveLength(1);
  });
});
