import { isIP } from "node:net";
import type { Service } from "#core/config.ts";
import { defineFact } from "#core/fact.ts";
import { approveInside, offersInside } from "#core/inside.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { Place, Places } from "#core/ports/exec.ts";

/**
 * What the newest running container itself resolves, reaches and listens on, by ECS Exec. Switched off
 * unless configured; and even then only where a person let this run look. One task speaks for itself.
 */
export const containerView = defineFact({
  id: "container-view",
  // The tasks are asked for here and not needed: where this is switched off, their loss is no loss of it.
  needs: {},
  permissions: [
    "ecs:ListTasks",
    "ecs:DescribeTasks",
    "ecs:DescribeTaskDefinition",
    "ecs:ExecuteCommand",
  ],
  cost: "deep",
  vantage: "container",
  deadlineMs: 20_000,
  rereadable: false,
  gather: async ({ ports, target: { service }, inside, signal }) => {
    if (!offersInside(service)) {
      throw notApplicable(
        "looking from inside the container (ECS Exec) is switched off",
        "set exec.enabled and exec.approvers on the service in hokusai.yaml (docs/operations.md)",
      );
    }
    const { cluster, service: name } = service.ecs;
    const tasks = await ports.ecs.tasks(cluster, name, "RUNNING", signal);
    const newest = tasks
      .filter(({ lastStatus }) => lastStatus === "RUNNING")
      .toSorted((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""))[0];
    if (newest === undefined) throw moot("no task is running", "see ecs/service-running");
    if (inside !== true)
      throw moot("nobody approved a look from inside the container", approveInside);
    return ports.exec.look({ service, task: newest.arn, places: placesOf(service) }, signal);
  },
});

const moot = (detail: string, mend: string): FactUnavailable =>
  new FactUnavailable({ reason: "not-applicable", detail, mend, availability: "moot" });

const placesOf = ({ dependencies }: Service): Places => {
  const { auth, hub, redis, database } = dependencies;
  return {
    auth: fromUrl(auth?.url ?? null, 443),
    hub: fromUrl(hub?.url ?? null, 443),
    redis: storeOf(redis),
    database: storeOf(database),
  };
};

/** A URL that is a secret stays one: the container's own environment knows the place. */
const storeOf = (
  store: Service["dependencies"]["redis"] | Service["dependencies"]["database"],
): Place | null => {
  if (store === null) return null;
  if (store.host !== null) return { host: store.host, port: store.port };
  return typeof store.url === "string" ? fromUrl(store.url, store.port) : null;
};

function fromUrl(text: string | null, usual: number): Place | null {
  if (text === null) return null;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const plain = url.protocol === "http:";
  const port = url.port === "" ? (plain ? 80 : usual) : Number(url.port);
  return host === "" || (isIP(host) === 0 && host.includes(":")) ? null : { host, port, plain };
}
