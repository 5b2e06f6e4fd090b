import { expect, it } from "vitest";
import { fixDeployed } from "#checks/changes/fix-deployed.ts";
import type { Reported } from "#core/target.ts";
import { target } from "../samples.ts";

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
  [
    "all run it, from two builds",
    [task("5e3a917", "sha256:a"), task("5e3a917", "sha256:b")],
    "5e3a917",
    "mixed",
  ],
  ["no tag is a commit", [task(null)], "77aa01c", "cannot tell"],
  ["no task", [], "77aa01c", "cannot tell"],
] as const)("%s", (_name, images, fix, expected) => {
  const judged = fixDeployed.judge(
    { images: [...images] },
    { target, reported: reported(fix), now: 0 },
  );
  expect("outcome" in judged ? judged.outcome : "cannot tell").toBe(expected);
});

it("links the commits between what was asked for and what runs, where the repository is named", () => {
  const named = { ...target, service: { ...target.service, repository: "owner/api" } };
  const judged = fixDeployed.judge(
    { images: [task("5e3a917")] },
    { target: named, reported: reported("77aa01c"), now: 0 },
  );
  expect("evidence" in judged ? judged.evidence.at(-1) : null).toEqual({
    label: "commits",
    seen: "https://github.com/owner/api/compare/77aa01c...5e3a917",
  });
});
