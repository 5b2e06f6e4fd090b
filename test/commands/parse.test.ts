import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckCommand } from "#commands/command.ts";
import { parseArguments, parseCommand } from "#commands/parse.ts";
import { vocabulary } from "./vocabulary.ts";

const parse = (text: string) => parseCommand(text, vocabulary);
const check = (model: string, more: Partial<CheckCommand> = {}): CheckCommand => ({
  verb: "check",
  model,
  plan: null,
  ticket: null,
  complaint: { symptom: null, url: null, method: null, at: null, requestId: null },
  ...more,
});
const complaint = (text: string) => {
  const parsed = parse(text);
  return parsed.verb === "check" ? parsed.complaint : parsed;
};

describe("a pasted request", () => {
  const curl = `curl -X POST "https://hokus.ai/api/v1/models/21/predict?k=hk_live_secret" -H 'Authorization: Bearer hk_live_secret' -d '{"inputs": {"title": "CEO"}}'`;
  const wanted = {
    url: "https://hokus.ai/api/v1/models/21/predict",
    method: "POST",
    keyStart: "hk_l",
    sample: {
      headers: ["authorization", "content-type"],
      scheme: "Bearer",
      fields: ["inputs", "inputs.title"],
      shape: { inputs: { title: "string" } },
      // What curl sends where nobody says otherwise.
      contentType: "application/x-www-form-urlencoded",
    },
  };

  it.each([
    ["as it is", `check model 21 --symptom 405 --curl ${curl}`],
    ["without a flag", `check model 21 --symptom 405 ${curl}`],
    ["in quotes", `check model 21 --symptom 405 --curl "${curl}"`],
    ["in backticks, as Slack has it", `check model 21 --symptom 405 --curl \`${curl}\``],
  ])("is taken whole and keeps no secret: %s", (_name, text) => {
    const command = parseCommand(text, vocabulary);
    expect(command).toMatchObject({ verb: "check", complaint: { symptom: "405", ...wanted } });
    expect(JSON.stringify(command)).not.toMatch(/secret|CEO/u);
  });

  it.each(["check 21 --curl rm -rf hk_live_secret", `check 21 --url https://x.y --curl ${curl}`])(
    "says what it wants without repeating it: %s",
    (text) => {
      const command = parseCommand(text, vocabulary);
      expect(command.verb).toBe("misunderstood");
      expect(JSON.stringify(command)).not.toMatch(/secret/u);
    },
  );
});

describe("which model", () => {
  it.each([
    ["21", "21"],
    ["check 21", "21"],
    ["check model 21", "21"],
    ["Check Model 21", "21"],
    ["CHECK LSCOR", "21"],
    ["check lscor", "21"],
    ["check lead scoring", "21"],
    ["check Lead-Scoring", "21"],
    ["lead scoring", "21"],
    ["check sales lead scoring v1", "20"],
    ["check #21", "21"],
    ["check model #21?", "21"],
    ["check model21", "21"],
    ["check the model 21 please", "21"],
    ["model 20", "20"],
    ["check churn-7", "churn-7"],
    ["check leavers", "churn-7"],
    ["/hokusai check 21", "21"],
    ["hokusai 21", "21"],
    ["<@U012AB3CD> check model 21", "21"],
    ["<@U012AB3CD|hokusai> 21", "21"],
    ["investigate 21", "21"],
    ["`check model 21`", "21"],
    ["check \u201Clead scoring\u201D", "21"],
    ["check model\u00A021", "21"],
    ["check -- 21", "21"],
  ])("%s", (text, model) => {
    expect(parse(text)).toEqual(check(model));
  });

  it("takes the only model there is where none is named", () => {
    const single = { ...vocabulary, models: vocabulary.models.slice(0, 1) };
    expect(parseCommand("status", single)).toEqual({ verb: "status", model: "21" });
  });
});

describe("other verbs", () => {
  it.each([
    ["status model 21", { verb: "status", model: "21" }],
    ["Status LSCOR", { verb: "status", model: "21" }],
    ["help", { verb: "help" }],
    ["", { verb: "help" }],
    ["   ", { verb: "help" }],
    ["?", { verb: "help" }],
    ["hello!", { verb: "help" }],
    ["check --help", { verb: "help" }],
    ["<@U012AB3CD>", { verb: "help" }],
  ])("%j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe("flags", () => {
  it("may stand anywhere", () => {
    const expected = check("21", { plan: "connection-405", ticket: "HOK-123" });
    expect(parse("check --plan connection-405 model 21 --ticket hok-123")).toEqual(expected);
    expect(parse("--ticket=HOK-123 21 --plan=CONNECTION-405")).toEqual(expected);
  });

  it("undoes what phones and Slack do to them", () => {
    // The query may hold a key.
    const url = "https://hokus.ai/api/v1/models/21/predict";
    const slack = `check model 21 \u2014url <https://hokus.ai/api/v1/models/21/predict?a=1&amp;b=2|hokus.ai> \u2014symptom \u201Chttp 405\u201D`;
    expect(complaint(slack)).toMatchObject({ url, symptom: "405" });
    expect(complaint("21 \u2013\u2013url <https://hokus.ai/x>")).toMatchObject({
      url: "https://hokus.ai/x",
    });
  });

  it.each([
    ["405", "405"],
    ["http 405", "405"],
    ["HTTP-405", "405"],
    ["status code 405", "405"],
    ["method not allowed", "405"],
    ["405 Method Not Allowed", "405"],
    ["timeout", "timeout"],
    ["time-out", "timeout"],
    ["Timed out", "timeout"],
    ["hangs", "timeout"],
    ["401", "401"],
    ["unauthorized", "401"],
    ["403", "403"],
    ["forbidden", "403"],
    ["404", "404"],
    ["not found", "404"],
    ["422", "422"],
    ["429", "429"],
    ["rate limited", "429"],
    ["too many requests", "429"],
    ["5xx", "5xx"],
    ["500", "5xx"],
    ["502", "5xx"],
    ["http 503", "5xx"],
    ["gateway timeout", "5xx"],
    ["504 gateway timeout", "5xx"],
    ["connection", "connection"],
    ["connection refused", "connection"],
    ["tls", "connection"],
    ["other", "other"],
  ])("--symptom %s, in quotes and without", (said, symptom) => {
    expect(complaint(`check 21 --symptom "${said}"`)).toMatchObject({ symptom });
    expect(parse(`check --symptom ${said} model 21`)).toMatchObject({
      model: "21",
      complaint: { symptom },
    });
    expect(parse(`check 21 --symptom ${said} --method get`)).toMatchObject({
      complaint: { symptom, method: "GET" },
    });
  });

  it.each([
    ["20m ago", { kind: "ago", ms: 1_200_000 }],
    ["20m", { kind: "ago", ms: 1_200_000 }],
    ["1h 30m ago", { kind: "ago", ms: 5_400_000 }],
    ["20 minutes ago", { kind: "ago", ms: 1_200_000 }],
    ["now", { kind: "ago", ms: 0 }],
    ["14:03", { kind: "of-day", seconds: 50_580 }],
    ["9:05:07", { kind: "of-day", seconds: 32_707 }],
    ["14:03 UTC", { kind: "of-day", seconds: 50_580 }],
    ["2025-11-07", { kind: "at", iso: "2025-11-07T00:00:00.000Z" }],
    ["2025-11-07 14:03", { kind: "at", iso: "2025-11-07T14:03:00.000Z" }],
    ["2025-11-07T14:03:05.5Z", { kind: "at", iso: "2025-11-07T14:03:05.500Z" }],
    ["2025-11-07T14:03+01:00", { kind: "at", iso: "2025-11-07T13:03:00.000Z" }],
  ])("--at %s, in quotes and without", (said, at) => {
    expect(complaint(`check 21 --at "${said}"`)).toMatchObject({ at });
    expect(parse(`check --at ${said} model 21`)).toMatchObject({ model: "21", complaint: { at } });
  });

  it("keeps the customer's words where they are evidence", () => {
    expect(
      complaint("21 --url hokus.ai/api/v1/models/21/predict/ --request-id req_AbC-1"),
    ).toMatchObject({
      url: "https://hokus.ai/api/v1/models/21/predict/",
      requestId: "req_AbC-1",
    });
  });

  it("takes a ticket's address for the ticket", () => {
    expect(
      parse("21 --ticket <https://linear.app/hokusai/issue/HOK-123/model-21-is-down>"),
    ).toEqual(check("21", { ticket: "HOK-123" }));
  });

  it("hands a door its own flags back", () => {
    const own = {
      json: { means: "print JSON" },
      save: { value: "<file>", means: "keep it" },
    } as const;
    const read = parseArguments(
      ["check", "lead", "scoring", "--json", "--save", "run 1.json"],
      vocabulary,
      own,
    );
    expect(read).toMatchObject({
      command: { verb: "check", model: "21" },
      extra: { json: true, save: "run 1.json" },
    });
    expect(parse("check 21 --json")).toMatchObject({ verb: "misunderstood" });
  });
});

describe("what is not understood is one sentence with what is valid", () => {
  const models =
    "the models are 21 (Sales Lead Scoring v2; LSCOR, lead scoring), 20 (Sales Lead Scoring v1) and churn-7 (Churn; leavers)";
  const flags =
    "the flags are --plan, --symptom, --url, --curl, --key-prefix, --method, --at, --ticket, --request-id, --samples, --fix and --inside";

  it.each([
    [
      "chekc model 21",
      'I do not know "chekc": the commands are check, status and help (did you mean "check model 21"?).',
      "check model 21",
    ],
    [
      "stats 21",
      'I do not know "stats": the commands are check, status and help (did you mean "status 21"?).',
      "status 21",
    ],
    [
      "is model 21 up",
      'I do not know "is": the commands are check, status and help (did you mean "check model 21"?).',
      "check model 21",
    ],
    ["dance", 'I do not know "dance": the commands are check, status and help.', null],
    ["check model 99", `There is no model "model 99": ${models}.`, null],
    ["check 22", `There is no model "22": ${models}.`, null],
    ["99", `There is no model "99": ${models}.`, null],
    ["check LSCRO", `There is no model "LSCRO": ${models} (did you mean 21?).`, "check model 21"],
    [
      "lead scorin",
      `There is no model "lead scorin": ${models} (did you mean 21?).`,
      "check model 21",
    ],
    ["check", `Which model? The models are ${models.slice(15)}.`, "check model 21"],
    ["status", `Which model? The models are ${models.slice(15)}.`, "status model 21"],
    [
      "check 21 --plan conection-405",
      'There is no plan "conection-405": the plans are model-api-timeout and connection-405 (did you mean connection-405?).',
      "check model 21 --plan connection-405",
    ],
    [
      "check 21 --plan timeout",
      'There is no plan "timeout": the plans are model-api-timeout and connection-405 (did you mean model-api-timeout?).',
      "check model 21 --plan model-api-timeout",
    ],
    [
      "check 21 --sympton 405",
      `There is no flag --sympton: ${flags} (did you mean --symptom?).`,
      "check 21 --symptom 405",
    ],
    ["check 21 --loud", `There is no flag --loud: ${flags}.`, null],
    ["check 21 --plan", "--plan wants a value: --plan <plan>.", null],
    ["check 21 --plan --at now", "--plan wants a value: --plan <plan>.", null],
    ["check 21 --at now --at 14:03", '--at is given twice: "now" and "14:03".', null],
    [
      "check 21 --symptom purple",
      'There is no symptom "purple": the symptoms are 405, timeout, 401, 403, 404, 422, 429, 5xx, connection and other.',
      null,
    ],
    [
      "check 21 --symptom timeuot",
      'There is no symptom "timeuot": the symptoms are 405, timeout, 401, 403, 404, 422, 429, 5xx, connection and other (did you mean timeout?).',
      null,
    ],
    [
      "check 21 --url ftp://hokus.ai",
      '--url wants the http or https URL that the customer calls, not "ftp://hokus.ai".',
      null,
    ],
    [
      "check 21 --method fetch",
      '--method wants one of GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS, not "fetch".',
      null,
    ],
    [
      "check 21 --at yesterday",
      '--at wants a time such as 14:03, 2025-11-07T14:03Z or "20m ago", not "yesterday".',
      null,
    ],
    [
      "check 21 --at 2025-02-30",
      '--at wants a time such as 14:03, 2025-11-07T14:03Z or "20m ago", not "2025-02-30".',
      null,
    ],
    [
      "check 21 --at 25:00",
      '--at wants a time such as 14:03, 2025-11-07T14:03Z or "20m ago", not "25:00".',
      null,
    ],
    [
      "check 21 --ticket 123",
      '--ticket wants the id of a Linear ticket such as HOK-123, not "123".',
      null,
    ],
    [
      "status 21 --plan connection-405",
      "--plan belongs to check: status takes no such flag.",
      null,
    ],
  ])("%s", (text, sentence, suggestion) => {
    expect(parse(text)).toEqual({ verb: "misunderstood", sentence, suggestion });
  });
});

describe("any input at all", () => {
  const words = fc.constantFrom(
    "check",
    "status",
    "21",
    "model",
    "--plan",
    "--at",
    "--symptom",
    "--url",
    "\u2014at",
    "<https://a|b>",
    "&amp;",
    '"',
    "'",
    "=",
    "--",
    "--constructor",
    "__proto__",
    "20m",
    "ago",
    "http",
    "405",
    "<@U1>",
    "\u201C",
    "9999999d",
    "--at=",
    "2025-99-99",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.array(words, { maxLength: 12 }).map((all) => all.join(" ")),
  );

  it("gives a command or a sentence, and never throws", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parse(text);
        const answer = parsed.verb === "misunderstood" ? parsed.sentence : parsed.verb;
        expect(answer).toMatch(/^(?:check|status|help|[\s\S]+[.?])$/u);
      }),
      { numRuns: 3_000 },
    );
  });

  it("suggests only what would be understood", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parse(text);
        if (parsed.verb !== "misunderstood" || parsed.suggestion === null) return;
        const next = parse(parsed.suggestion);
        expect(next.verb === "misunderstood" ? next.suggestion : "understood").not.toBe(
          parsed.suggestion,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it("reads 100 kB in a moment", () => {
    const started = performance.now();
    for (const text of [
      "<".repeat(100_000),
      "--at 1d".repeat(15_000),
      '"'.repeat(100_000),
      "check ".repeat(17_000),
    ])
      parse(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
