import { defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import { ecsDeployments } from "#facts/ecs-deployments.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsConsole } from "../console.ts";

/** How long after a rollback it still counts as news: its change is then still wanted by somebody. */
const recentMs = 24 * 60 * 60_000;

const revision = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** After a rollback the service looks healthy on the old revision; only its deployments tell. */
export const rollout = defineCheck({
  id: "ecs/rollout",
  question: "Did the last deployment finish?",
  needs: { service: ecsService },
  optional: { deployments: ecsDeployments },
  outcomes: {
    steady: ok("The newest deployment finished and nothing is rolling out."),
    "in-progress": degraded(
      "A deployment is rolling out: old and new tasks run side by side, or new ones do not get healthy.",
      "Look whether its tasks start (ecs/stopped-tasks); wait for it where they do.",
    ),
    failed: failing(
      "The newest deployment failed and was not rolled back.",
      "Deploy the previous revision, then read why the new tasks stopped.",
    ),
    "rolled-back": past(
      degraded(
        "The newest deployment was rolled back: what runs is the old revision, not what was deployed.",
        "Tell whoever deployed; read why the new tasks stopped before they try again.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "deployments"),
  judge({ service, deployments }, { now }) {
    const primary = service?.deployments.find((one) => one.status === "PRIMARY");
    if (service === null || primary === undefined) return found("steady", "no deployment");
    const last = deployments?.[0];
    const lastIsRecent =
      last !== undefined && now - Date.parse(last.finishedAt ?? last.createdAt ?? "") < recentMs;
    const seen = `${revision(primary.taskDefinition)}, ${primary.running} of ${primary.desired} running, ${primary.failed} failed`;
    const evidence = [
      { label: "primary deployment", seen: `${primary.rollout ?? "state not told"}: ${seen}` },
      ...(primary.rolloutReason === null ? [] : [{ label: "reason", seen: primary.rolloutReason }]),
      {
        label: "newest service deployment",
        seen:
          last === undefined ? "could not be read" : `${last.status} ${last.reason ?? ""}`.trim(),
      },
    ];
    const rollingBack = last?.status.startsWith("ROLLBACK") === true && lastIsRecent;
    const saidSo = service.events.find(
      (event) =>
        /rolling back|rolled back/iu.test(event.message) && now - Date.parse(event.at) < recentMs,
    );
    if (primary.rollout === "FAILED" || (last?.status === "ROLLBACK_FAILED" && lastIsRecent)) {
      return found("failed", `deployment failed: ${primary.rolloutReason ?? seen}`, evidence);
    }
    if (rollingBack || (deployments === undefined && saidSo !== undefined)) {
      return found(
        "rolled-back",
        `rolled back to ${revision(primary.taskDefinition)}: ${last?.reason ?? saidSo?.message ?? ""}`,
        evidence,
      );
    }
    if (primary.rollout === "IN_PROGRESS" || service.deployments.length > 1) {
      return found("in-progress", `rolling out ${seen}`, evidence);
    }
    return found(
      "steady",
      `${seen}, since ${primary.updatedAt ?? primary.createdAt ?? "unknown"}`,
      evidence,
    );
  },
});
