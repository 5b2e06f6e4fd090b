import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { compareLink } from "#facts/changes/revision-difference.ts";
import { runningImages } from "#facts/running-images.ts";
import { ecsConsole } from "../console.ts";

/**
 * What runs, by digest and commit; with `--fix`, whether that commit is what runs. Only the same commit
 * counts: whether a newer image contains it only the repository knows. Where a commit was built twice under
 * one tag, which of the builds holds the fix nobody can tell: that is mixed.
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
      "Some running tasks run the commit that was asked for, others do not, or run another build of it.",
      "Wait for the deployment to finish, or see why it does not (ecs/rollout).",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "tasks"),
  judge({ images }, { target, reported }) {
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
        `${images.length} tasks run ${what.join(", ")}${digests.size === 1 ? "" : `, in ${digests.size} builds`}`,
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
    const builds = new Set(fixed.map((one) => one.digest ?? one.image)).size;
    const summary = `${fixed.length} of ${images.length} tasks run ${wanted}${builds > 1 ? `, in ${builds} builds` : ""}; seen: ${what.join(", ")}`;
    if (fixed.length === 0) {
      const running = images.find(({ commit }) => commit !== null)?.commit ?? null;
      const link = compareLink(target, wanted, running);
      const commits = link === null ? [] : [{ label: "commits", seen: link }];
      return found("not-deployed", summary, [...evidence, ...commits]);
    }
    const everywhere = fixed.length === images.length && builds === 1;
    return found(everywhere ? "deployed" : "mixed", summary, evidence);
  },
});
