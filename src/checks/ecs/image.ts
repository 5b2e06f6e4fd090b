import { defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import { containerImage } from "#facts/container-image.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { ecsConsole } from "../console.ts";

/** Running tasks hold their image: a registry that lost it is noticed at the next start only. */
export const image = defineCheck({
  id: "ecs/image",
  question: "Is the image that the next task pulls in the registry?",
  needs: { image: containerImage, tasks: ecsTasks },
  outcomes: {
    present: ok("The registry has the image that the task definition names."),
    missing: failing(
      "The registry has no such image: tasks cannot start.",
      "Push the tag again, or deploy the last revision whose image is there.",
    ),
    "next-start-fails": past(
      degraded(
        "Tasks run, and the registry has lost their image: the next task cannot start.",
        "Push the image again before anything restarts; look at the repository's lifecycle policy.",
      ),
    ),
    moved: past(
      degraded(
        "The tag leads to another image than the one that runs: the next task runs other code.",
        "Deploy on purpose, or name images by digest or commit.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "deployments"),
  judge({ image: { image: name, found: there }, tasks }) {
    const running = tasks.filter((task) => task.lastStatus === "RUNNING");
    const digests = new Set(
      running.flatMap((task) =>
        task.containers.flatMap((one) => (one.image === name ? (one.digest ?? []) : [])),
      ),
    );
    const evidence = [
      { label: "image", seen: name },
      {
        label: "registry",
        seen:
          there === null ? "has none of it" : `${there.digest}, pushed ${there.pushedAt ?? "?"}`,
      },
      ...[...digests].map((digest) => ({ label: "running", seen: digest })),
    ];
    if (there === null)
      return digests.size > 0
        ? found("next-start-fails", `${name} is gone, and tasks still run it`, evidence)
        : found("missing", `${name} is not in the registry`, evidence);
    if ([...digests].some((digest) => digest !== there.digest))
      return found("moved", `${name} was pushed again at ${there.pushedAt ?? "?"}`, evidence);
    return found("present", `${name} is there`, evidence);
  },
});
