import type { ContainerDefinition } from "#core/ports/aws.ts";

/** One line per thing that differs; values of variables are compared by fingerprint and never shown. */
export function differences(
  before: ContainerDefinition,
  after: ContainerDefinition,
): readonly string[] {
  const lines: string[] = [];
  const note = (what: string, was: unknown, is: unknown): void => {
    const [old, now] = [JSON.stringify(was ?? null), JSON.stringify(is ?? null)];
    if (old !== now) lines.push(`${what}: ${plain(old)} -> ${plain(now)}`);
  };
  note("image", before.image, after.image);
  const keys = <Item extends { name: string }>(items: readonly Item[]): Map<string, Item> =>
    new Map(items.map((item) => [item.name, item]));
  const [oldNames, newNames] = [
    keys([...before.variables, ...before.secrets]),
    keys([...after.variables, ...after.secrets]),
  ];
  for (const name of oldNames.keys()) if (!newNames.has(name)) lines.push(`${name}: removed`);
  for (const name of newNames.keys()) if (!oldNames.has(name)) lines.push(`${name}: added`);
  const [oldValues, newValues] = [keys(before.variables), keys(after.variables)];
  for (const [name, value] of newValues) {
    const old = oldValues.get(name);
    if (old !== undefined && old.fingerprint !== value.fingerprint)
      lines.push(`${name}: value changed`);
  }
  const [oldSecrets, newSecrets] = [keys(before.secrets), keys(after.secrets)];
  for (const [name, secret] of newSecrets) {
    const old = oldSecrets.get(name);
    if (old !== undefined && old.from !== secret.from)
      lines.push(`${name}: read from another secret`);
  }
  note(
    "container ports",
    before.ports.map((port) => port.container),
    after.ports.map((port) => port.container),
  );
  note("cpu", before.cpu, after.cpu);
  note("memory", before.memory, after.memory);
  if (before.commandFingerprint !== after.commandFingerprint)
    lines.push("command or entry point: changed");
  note("health check", before.healthCheck?.command, after.healthCheck?.command);
  note("log options", before.logs?.options, after.logs?.options);
  return lines;
}

const plain = (json: string): string => json.replace(/^"|"$/gu, "");
