import type { TaskDefinition } from "#core/ports/aws.ts";

/** One line per container beside the main one that was added, removed, or has another image. */
export function besideDifferences(
  before: TaskDefinition,
  after: TaskDefinition,
  main: readonly string[],
): readonly string[] {
  const beside = ({ containers }: TaskDefinition): ReadonlyMap<string, string | null> =>
    new Map(
      containers.filter(({ name }) => !main.includes(name)).map(({ name, image }) => [name, image]),
    );
  const [old, now] = [beside(before), beside(after)];
  return [
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `container ${name}: removed`),
    ...[...now].flatMap(([name, image]) => {
      if (!old.has(name)) return [`container ${name}: added, image ${image ?? "not named"}`];
      const was = old.get(name) ?? null;
      return was === image
        ? []
        : [`container ${name}: image ${was ?? "none"} -> ${image ?? "none"}`];
    }),
  ];
}
