/** What goes wrong although no hypothesis of the shipped plans describes it. */
import { releaseApi, returnToGoodRevision } from "../src/sandbox/faults/deployment.ts";
import { predictUrl } from "../src/sandbox/faults/fault.ts";
import type { Fault, Report } from "../src/sandbox/faults/fault.ts";
import type { Defect } from "../src/sandbox/world/state.ts";

type Answer = Defect["answer"];

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body: JSON.stringify(body),
  contentType: "application/json",
  headers,
});
const text = (status: number, body: string): Answer => ({
  status,
  body,
  contentType: "text/plain; charset=utf-8",
});

interface Row {
  readonly id: string;
  readonly title: string;
  readonly symptom: Report["symptom"];
  readonly answer: Answer;
  readonly log: string | null;
  /** Share of requests that it hits; all of them where absent. */
  readonly share?: number;
}

const scorer = "[src.api.endpoints.model_serving]";

const rows: readonly Row[] = [
  {
    id: "type-error",
    title: "The scorer raises a TypeError on each request",
    symptom: "5xx",
    answer: text(500, "Internal Server Error"),
    log: `ERROR ${scorer} TypeError: unsupported operand type(s) for *: 'NoneType' and 'float'`,
  },
  {
    id: "silent-500",
    title: "Each prediction answers 500 and nothing is logged",
    symptom: "5xx",
    answer: text(500, "Internal Server Error"),
    log: null,
  },
  {
    id: "feature-store-down",
    title: "A feature store that no catalogue names refuses connections",
    symptom: "5xx",
    answer: json(502, { detail: "feature store unavailable" }),
    log: `ERROR ${scorer} httpx.ConnectError: [Errno 111] Connection refused: features.internal:9090`,
  },
  {
    id: "disk-full",
    title: "The task's disk is full, and the scorer cannot write its temporary file",
    symptom: "5xx",
    answer: text(500, "Internal Server Error"),
    log: `ERROR ${scorer} OSError: [Errno 28] No space left on device: '/tmp/features.parquet'`,
  },
  {
    id: "licence-expired",
    title: "The scoring library's licence ran out",
    symptom: "other",
    answer: json(402, { detail: "licence expired" }),
    log: `ERROR ${scorer} LicenceError: licence expired`,
  },
  {
    id: "maintenance-flag",
    title: "Somebody left a maintenance flag on for predictions",
    symptom: "5xx",
    answer: json(503, { detail: "scheduled maintenance" }, { "retry-after": "3600" }),
    log: `INFO ${scorer} maintenance mode is on`,
  },
  {
    id: "empty-predictions",
    title: "Predictions come back as an empty object",
    symptom: "other",
    answer: json(200, {}),
    log: null,
  },
  {
    id: "html-from-the-scorer",
    title: "The scorer answers with a page instead of JSON",
    symptom: "other",
    answer: {
      status: 200,
      body: "<!doctype html><title>notebook</title>",
      contentType: "text/html",
    },
    log: null,
  },
  {
    id: "connection-reset",
    title: "A native library crashes the worker: each prediction's connection is reset",
    symptom: "connection",
    answer: "reset",
    log: `CRITICAL ${scorer} Fatal Python error: Segmentation fault in worker, restarting`,
  },
  {
    id: "truncated-answer",
    title: "Answers are cut off in the middle",
    symptom: "connection",
    answer: "truncated",
    log: null,
  },
  {
    id: "deadlock",
    title: "A lock in the scorer is never released: predictions hang, all else answers",
    symptom: "timeout",
    answer: "never",
    log: null,
  },
  {
    id: "legal-block",
    title: "A compliance switch refuses predictions for legal reasons",
    symptom: "other",
    answer: json(451, { detail: "unavailable for legal reasons" }),
    log: null,
  },
  {
    id: "media-type",
    title: "The endpoint suddenly wants another content type",
    symptom: "other",
    answer: json(415, { detail: "Unsupported Media Type" }),
    log: null,
  },
  {
    id: "half-of-them",
    title: "Every other prediction answers 500: a race in the scorer",
    symptom: "5xx",
    answer: text(500, "Internal Server Error"),
    log: `ERROR ${scorer} RuntimeError: dictionary changed size during iteration`,
    share: 0.5,
  },
];

export const novelFaults: readonly Fault[] = rows.map(
  ({ id, title, symptom, answer, log, share = 1 }) => ({
    id: `novel-${id}`,
    title,
    system: "API",
    apply: (world) => releaseApi(world, `n-${id}`, { defect: { share, answer, log } }),
    heal: returnToGoodRevision,
    report: { symptom, url: predictUrl, method: "POST", minutesAgo: 20 },
  }),
);
