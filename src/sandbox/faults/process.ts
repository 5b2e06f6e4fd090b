/** Releases whose process runs, and does not open its port for others or answers nobody on it. */
import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

const release = (id: string, title: string, change: Parameters<typeof releaseApi>[2]): Fault => ({
  id,
  title,
  system: "tasks",
  apply: (world) => releaseApi(world, `r-${id}`, change),
  heal: returnToGoodRevision,
  report: timeoutReport,
});

export const processFaults: readonly Fault[] = [
  release("loopback-only", "A release that listens on 127.0.0.1 only", { bind: "127.0.0.1" }),
  release("start-hangs", "A release that hangs while it starts, before it opens its port", {
    stuck: "starting",
  }),
  release("process-hangs", "A release whose process accepts connections and answers none", {
    stuck: "answering",
  }),
];
