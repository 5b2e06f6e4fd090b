import { expect, it } from "vitest";
import { fixDeployed } from "#checks/changes/fix-deployed.ts";
import type { Reported, Target } from "#core/target.ts";

const task = (commit: string | null, digest = `sha256:${commit ?? "0"}`) => ({
  task: "0123456789abcdef",
  revision: "api:42",
  startedAt: null,
  image: "api:tag",
  digest,
  commit,
});
const reported = (fix: string | null): Reported => ({
  symptom: null,
  url: null,
  method: "POST",
  at: null,
  requestId: null,
  fix,
});

it.each([
  ["no fix asked, one image", [task("5e3a917"), task("5e3a917")], null, "one-image"],
  ["no fix asked, two images", [task("5e3a917"), task("77aa01c")], null, "several-images"],
  ["all run it", [task("5e3a917"), task("5e3a917")], "5e3a9170000", "deployed"],
  ["none runs it", [task("5e3a917")], "77aa01c", "not-deployed"],
  ["some run it", [task("5e3a917"), task("77aa01c")], "77aa01c", "mixed"],
  ["no tag is a commit", [task(null)], "77aa01c", "cannot tell"],
  ["no task", [], "77aa01c", "cannot tell"],
] as const)("%s", (_name, images, fix, expected) => {
  const judged = fixDeployed.judge(
    { images: [...images] },
    { target: {} as Target, reported: reported(fix), now: 0 },
  );
  expect("outcome" in judged ? judged.outcome : "cannot tell").toBe(expected);
});
