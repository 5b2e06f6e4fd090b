import type { Operations } from "./call.ts";
import { createFilterOperations } from "./logs/filter-events.ts";
import { readOperations } from "./logs/get-events.ts";
import { groupOperations } from "./logs/groups.ts";
import { createInsightsOperations } from "./logs/insights.ts";

export const createLogsOperations = (limits: {
  scanLimit: number;
  queryMs: number;
}): Operations => ({
  ...groupOperations,
  ...readOperations,
  ...createFilterOperations(limits.scanLimit),
  ...createInsightsOperations(limits.queryMs),
});
