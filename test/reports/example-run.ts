import type { Diagnosis, WeighedHypothesis } from "#core/diagnosis.ts";
import type { Finding, NotRun } from "#core/finding.ts";
import type { Incident } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import type { Target } from "#core/target.ts";

export const target: Target = {
  id: "21",
  name: "Sales Lead Scoring v2",
  aliases: ["lead scoring"],
  product: "Lead scoring",
  documents: [],
  customerUrls: [],
  prediction: {
    body: {},
    predictionsField: "predictions",
    scoreField: null,
    range: null,
    timeoutSeconds: 10,
    withinSeconds: 2,
  },
  service: {
    id: "hokusai-api",
    environment: { id: "production", account: "123456789012", region: "us-east-1", role: null },
    ecs: {
      cluster: "main",
      service: "hokusai-api-development",
      container: null,
      port: 8001,
      requiredVariables: [],
    },
    logs: { group: "/ecs/hokusai-api-development" },
    loadBalancers: [],
    discovery: null,
    api: {
      url: "https://api.hokus.ai/api",
      health: "https://api.hokus.ai/health",
      openapi: "https://api.hokus.ai/openapi.json",
      paths: {
        predict: "/v1/models/{id}/predict",
        info: "/v1/models/{id}/info",
        health: "/v1/models/{id}/health",
      },
      key: { header: "Authorization", scheme: "Bearer", prefix: "hk_" },
      probeKey: { env: "HOKUSAI_PROBE_API_KEY", configured: true },
    },
    dependencies: { auth: null, redis: null, hub: null, database: null, registry: null },
    website: null,
    repository: null,
  },
};

export const plan: Plan = {
  id: "model-api-timeout",
  title: "Model API times out",
  symptoms: ["timeout"],
  priorities: [
    {
      level: 1,
      title: "is the service running",
      minutes: 15,
      checks: ["ecs/service-running", "ecs/rollout"],
    },
    {
      level: 2,
      title: "can it be reached",
      minutes: 10,
      checks: ["edge/reach", "prediction/with-key", "dependencies/auth"],
    },
  ],
  hypotheses: [],
  other: {},
  healthyNeeds: [],
  chain: null,
  questions: [
    {
      id: "running",
      question: "Is the service running?",
      answers: [
        { when: [{ check: "ecs/service-running", outcome: "running" }], answer: "Yes." },
        { when: [{ check: "ecs/service-running", outcome: "zero-running" }], answer: "No." },
      ],
    },
    { id: "log", question: "Does it log errors?", answers: [] },
  ],
  successCriteria: [
    {
      id: "runs",
      text: "The service runs",
      metBy: [{ check: "ecs/service-running", outcome: "running" }],
    },
    {
      id: "predicts",
      text: "A keyed prediction is answered",
      metBy: [{ check: "prediction/with-key", outcome: "answered" }],
    },
    {
      id: "rollout",
      text: "The rollout is steady",
      metBy: [{ check: "ecs/rollout", outcome: "steady" }],
    },
  ],
};

export const finding = (
  check: string,
  status: Finding["status"],
  outcome: string,
  summary: string,
  evidence: Finding["evidence"] = [],
): Finding => ({
  check,
  question: `${check}?`,
  status,
  outcome,
  summary,
  evidence,
  vantage: "internet",
  at: "2026-11-21T02:47:05.000Z",
});

export const notRun = (check: string, change: Partial<NotRun> = {}): NotRun => ({
  check,
  question: `${check}?`,
  facts: [],
  reason: "denied",
  detail: "AccessDenied for ecs:DescribeServices",
  mend: "grant ecs:DescribeServices",
  availability: "lost",
  ...change,
});

export const hypothesis = (
  id: string,
  probability: number,
  change: Partial<WeighedHypothesis> = {},
): WeighedHypothesis => ({
  id,
  claim: `Claim of ${id}`,
  probability,
  verdict: "ruled-out",
  because: [],
  maskedBy: [],
  side: "service",
  ...change,
});

export const diagnosis = (change: Partial<Diagnosis> = {}): Diagnosis => ({
  verdict: "fault",
  leading: ["auth-unreachable"],
  inconclusiveBecause: null,
  probabilityHealthy: 0.001,
  hypotheses: [
    hypothesis("auth-unreachable", 0.97, {
      claim: "The API cannot reach its auth service",
      verdict: "confirmed",
      because: [
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
    }),
    hypothesis("slow-cold-load", 0.02, { verdict: "untested", maskedBy: ["auth-unreachable"] }),
    hypothesis("redis-down", 0.001, {
      because: [{ check: "dependencies/redis", outcome: "ok", summary: "PING 0.8 ms", weight: -4 }],
    }),
  ],
  why: [
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
  nextChecks: [],
  nextSteps: [
    { hypothesis: "auth-unreachable", step: "Restore egress 443 on the task's security group" },
  ],
  ...change,
});

/** Auth unreachable, found after 11.2 s, with one check lost. */
export const faultRun = (change: Partial<Investigation> = {}): Investigation => ({
  id: "0b6f7c0e-7f51-4a8e-9d8e-000000000001",
  target,
  plan,
  reported: null,
  asker: { door: "slack", id: "U0ONCALL" },
  vantage: "internet",
  startedAt: "2026-11-21T02:47:00.000Z",
  endedAt: "2026-11-21T02:47:11.200Z",
  stopped: "complete",
  problem: null,
  findings: [
    finding("ecs/service-running", "ok", "running", "2 of 2 tasks"),
    finding("edge/reach", "ok", "app", "401 from the app in 12 ms"),
    finding("prediction/with-key", "failing", "unavailable-503", "503 after 10.0 s"),
    finding("dependencies/auth", "failing", "timeout", "connect timeout after 3.0 s"),
  ],
  notRun: [notRun("ecs/rollout")],
  diagnosis: diagnosis(),
  depth: "deep",
  fastAfterMs: 2_100,
  endedAfterMs: 11_200,
  facts: {},
  earlier: {},
  ...change,
});

export const runningRun = (change: Partial<Investigation> = {}): Investigation =>
  faultRun({
    endedAt: null,
    stopped: null,
    diagnosis: null,
    depth: null,
    fastAfterMs: null,
    endedAfterMs: null,
    findings: [finding("ecs/service-running", "ok", "running", "2 of 2 tasks")],
    notRun: [],
    ...change,
  });

export const incident = (change: Partial<Incident> = {}): Incident => ({
  id: "5d0f9f6a-0000-4000-8000-000000000001",
  service: "hokusai-api",
  openedAt: "2026-11-21T02:47:00.000Z",
  closedAt: null,
  channel: "C0INCIDENTS",
  ticket: null,
  investigations: ["0b6f7c0e-7f51-4a8e-9d8e-000000000001"],
  ...change,
});
