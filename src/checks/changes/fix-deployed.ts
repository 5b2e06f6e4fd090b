import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { runningImages } from "#facts/running-images.ts";
import { ecsConsole } from "../console.ts";

/**
 * What runs, by digest and commit; with `--fix`, whether that commit is what runs. Only the same commit
 * counts: whether a newer image contains it only the repository knows.
 */
export const fixDeployed = defineCheck({
  id: "changes/fix-deployed",
  question: "Which commit do the tasks run, and is the fix among them?",
  needs: { images: runningImages },
  outcomes: {
    "one-image": ok("Every running task runs the same image. No fix was asked for."),
    "several-images": degraded(
      "Running tasks run different images: a deployment is under way, or a tag was pushed again between starts.",
      "Wait for the deployment, or restart the service so that every task pulls the same image.",
    ),
    deployed: ok("Every running task runs the commit that was asked for."),
    "not-deployed": degraded(
      "No running task runs the commit that was asked for.",
      "Deploy it. A newer commit may contain it: compare in the repository.",
    ),
    mixed: degraded(
      "Some running tasks run the commit that was asked for, others do not.",
      "Wait for the deployment to finish, or see why it does not (ecs/rollout).",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "tasks"),
  judge({ images }, { reported }) {
    if (images.length === 0) return cannotTell("no task runs", "see ecs/service-running");
    const evidence = images.map((one) => ({
      label: `task ${one.task.slice(0, 8)}`,
      seen: `${one.revision}, commit ${one.commit ?? "not named by a tag"}, ${one.digest ?? "digest not told"}`,
    }));
    const what = [
      ...new Set(images.map((one) => one.commit ?? one.digest ?? one.image ?? "unknown")),
    ];
    const wanted = reported?.fix?.toLowerCase() ?? null;
    if (wanted === null) {
      const digests = new Set(images.map((one) => one.digest ?? one.image));
      return found(
        digests.size === 1 ? "one-image" : "several-images",
        `${images.length} tasks run ${what.join(", ")}`,
        evidence,
      );
    }
    if (images.every((one) => one.commit === null))
      return cannotTell(
        "the images are not tagged with commits",
        "tag images with the commit they were built from",
      );
    const fixed = images.filter(
      ({ commit }) => commit !== null && (commit.startsWith(wanted) || wanted.startsWith(commit)),
    );
    const summary = `${fixed.length} of ${images.length} tasks run ${wanted}; seen: ${what.join(", ")}`;
    if (fixed.length === images.length) return found("deployed", summary, evidence);
    return found(fixed.length === 0 ? "not-deployed" : "mixed", summary, evidence);
  },
});
