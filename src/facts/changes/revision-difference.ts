import type { ContainerDefinition, TaskDefinition } from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";
import { commitOf, toEcrImage } from "../image/ecr-image.ts";
import { besideDifferences } from "../task-definition/beside.ts";
import { differences } from "../task-definition/differences.ts";
import { mainContainer } from "../task-definition/main-container.ts";
import type { TwoRevisions } from "../task-definition/two-revisions.ts";

export interface RevisionDifference {
  /** "hokusai-api:43", as `deployedRevision` has it. */
  readonly revision: string;
  /** "image: api:5e3a917 -> api:9d41c2e; HUB_KEY: removed"; null: nothing that matters differs. */
  readonly difference: string | null;
  /** Page that lists the commits between the two images; null where repository or commits are not named. */
  readonly commits: string | null;
}

const shown = 3;

/** What the revision that should run has other than the one before; null where there are not two. */
export function revisionDifference(
  revisions: TwoRevisions,
  target: Target,
): RevisionDifference | null {
  const mainOf = (definition: TaskDefinition | null) => mainContainer(definition, target);
  const compared = compare(revisions, mainOf);
  if (compared === null) return null;
  const [before, after] = [mainOf(revisions.previous), mainOf(revisions.current)];
  const commits = compareLink(
    target,
    commitIn(before?.image ?? null),
    commitIn(after?.image ?? null),
  );
  return { ...compared, commits };
}

/** The same of a service that the catalogue says nothing more of: its main container is the one with a port. */
export function otherRevisionDifference(revisions: TwoRevisions): RevisionDifference | null {
  const compared = compare(revisions, (definition) => {
    const essential = (definition?.containers ?? []).filter((one) => one.essential);
    return essential.find((one) => one.ports.length > 0) ?? essential[0] ?? null;
  });
  return compared === null ? null : { ...compared, commits: null };
}

function compare(
  { current, previous }: TwoRevisions,
  mainOf: (definition: TaskDefinition | null) => ContainerDefinition | null,
): Omit<RevisionDifference, "commits"> | null {
  const [after, before] = [mainOf(current), mainOf(previous)];
  if (current === null || previous === null || after === null || before === null) return null;
  const own = differences(before, after);
  const image = own.filter((line) => line.startsWith("image: "));
  const rest = own.filter((line) => !image.includes(line));
  // Images first: of what comes after them only the first few are shown.
  const lines = [
    ...image,
    ...besideDifferences(previous, current, [before.name, after.name]),
    ...rest,
  ].map((line) => line.replaceAll(registryHost, ""));
  return {
    revision: `${current.family}:${current.revision}`,
    difference: lines.length === 0 ? null : lines.slice(0, shown).join("; "),
  };
}

const registryHost = /\b\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//gu;

const commitIn = (image: string | null): string | null => {
  const tag = toEcrImage(image ?? "")?.tag;
  return tag === undefined ? null : commitOf([tag]);
};

/** GitHub's comparison of two commits of the service's repository. */
export const compareLink = (
  { service: { repository } }: Target,
  from: string | null,
  to: string | null,
): string | null =>
  repository === null || from === null || to === null || from === to
    ? null
    : `https://github.com/${repository}/compare/${from}...${to}`;
