import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const startupFailure: Fault = {
  id: "startup-failure",
  title: "A release whose import fails: every task dies while it starts",
  system: "tasks",
  apply: (world) =>
    releaseApi(world, "9d41c2e", {
      crash: {
        file: "/app/src/api/endpoints/model_serving.py",
        line: 14,
        code: "from src.models.registry import ModelRegistry",
        error: "ImportError: cannot import name 'ModelRegistry' from 'src.models.registry'",
      },
    }),
  heal: returnToGoodRevision,
  report: timeoutReport,
};
