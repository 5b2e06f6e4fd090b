import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDocument } from "#reports/json.ts";
import { anyRun } from "./any-run.ts";
import { faultRun, notRun } from "./example-run.ts";

describe("the --json document", () => {
  it("holds what docs/output.md promises", () => {
    const document = toDocument(faultRun());
    expect(document).toMatchObject({
      schemaVersion: 1,
      target: {
        model: "21",
        service: "hokusai-api",
        environment: "production",
        api: "https://api.hokus.ai/api",
      },
      plans: ["model-api-timeout"],
      verdict: "fault",
      leading: ["auth-unreachable"],
      depth: "deep",
    });
    expect(document.hypotheses[0]).toEqual({
      id: "auth-unreachable",
      claim: "The API cannot reach its auth service",
      probability: 0.97,
      verdict: "confirmed",
      because: [
        "dependencies/auth: connect timeout after 3.0 s",
        "prediction/with-key: 503 after 10.0 s",
      ],
      reasons: [
        {
          check: "dependencies/auth",
          outcome: "timeout",
          summary: "connect timeout after 3.0 s",
          weight: 3.2,
        },
        {
          check: "prediction/with-key",
          outcome: "unavailable-503",
          summary: "503 after 10.0 s",
          weight: 2.1,
        },
      ],
      maskedBy: [],
      side: "service",
    });
    expect(document.notRun).toEqual([
      {
        check: "ecs/rollout",
        question: "ecs/rollout?",
        reason: "denied",
        detail: "AccessDenied for ecs:DescribeServices",
        mend: "grant ecs:DescribeServices",
        availability: "lost",
      },
    ]);
    expect(document.criteria.map(({ state }) => state)).toEqual(["met", "not-met", "not-tested"]);
    expect(document.questions.map(({ answer }) => answer)).toEqual(["Yes.", null]);
  });

  it("is inconclusive where a run ended without a diagnosis", () => {
    const document = toDocument(
      faultRun({ diagnosis: null, stopped: "failed", problem: "no plan", notRun: [notRun("a/b")] }),
    );
    expect(document).toMatchObject({
      verdict: "inconclusive",
      inconclusiveBecause: "no plan",
      hypotheses: [],
      probabilityHealthy: null,
    });
  });

  it("is plain JSON and the same bytes for the same run", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const document = toDocument(run);
        expect(JSON.parse(JSON.stringify(document))).toEqual(document);
        expect(JSON.stringify(toDocument(structuredClone(run)))).toBe(JSON.stringify(document));
      }),
      { endOnFailure: true },
    );
  });
});
