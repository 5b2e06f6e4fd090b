import type { Service } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import { offersInside } from "#core/inside.ts";
import type { Asker } from "#core/investigation.ts";

/** Somebody who may not approve a look from inside tried to. */
export class InsideDenied extends HokusaiError {
  constructor(message: string, next: string) {
    super("usage", message, { next });
    this.name = "InsideDenied";
  }
}

/**
 * Who may let a run look from inside the running container (ECS Exec): in Slack those whom the catalogue
 * names, and nobody where it names none; at a terminal whoever holds the credentials for it. Throws InsideDenied.
 */
export function assertMayLookInside(service: Service, asker: Asker): void {
  if (!offersInside(service)) {
    throw new InsideDenied(
      `Looking from inside the container (ECS Exec) is switched off for ${service.id}.`,
      "An operator switches it on with exec.enabled on the service in hokusai.yaml (docs/operations.md).",
    );
  }
  if (asker.door === "terminal") return;
  const approvers = service.exec?.approvers ?? [];
  if (asker.door === "slack" && asker.id !== null && approvers.includes(asker.id)) return;
  throw new InsideDenied(
    `You may not approve a look from inside ${service.id}.`,
    approvers.length === 0
      ? "Nobody may in Slack yet: exec.approvers on the service in hokusai.yaml names who."
      : `Ask one of those who may: ${approvers.join(", ")}.`,
  );
}
