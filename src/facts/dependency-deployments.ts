import type { EcsPlace } from "#core/config.ts";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable, notApplicable, type Missing } from "#core/missing.ts";
import type { Target } from "#core/target.ts";
import type { EcsPort, EcsService, ServiceDeployment } from "#core/ports/aws.ts";
import { twoRevisions, type TwoRevisions } from "./task-definition/two-revisions.ts";

/** The ECS service behind a dependency. */
export interface DependencyService extends EcsPlace {
  /** As the catalogue calls it: "auth". */
  readonly dependency: string;
  /** Null: the cluster has none of that name, or it could not be asked for (then `unseen` says why). */
  readonly described: Omit<EcsService, "events" | "network"> | null;
  /** The newest 20, newest first; null where they could not be had. */
  readonly deployments: readonly ServiceDeployment[] | null;
  /** What it is asked to run, and what it ran before; null where that could not be had. */
  readonly revisions: TwoRevisions | null;
  /** What could not be had of it. */
  readonly unseen: readonly Missing[];
}

/**
 * The services of ours that stand behind dependencies, as far as the catalogue names them. One that is
 * refused hides nothing of the others; where nothing at all could be had, the fact is missing for that reason.
 */
export const dependencyDeployments = defineFact({
  id: "dependency-deployments",
  needs: {},
  permissions: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:DescribeTaskDefinition"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, signal }): Promise<readonly DependencyService[]> => {
    const named = unknownServices(target);
    if (named.length === 0) {
      throw notApplicable(
        "the catalogue names no ECS service of a dependency",
        "set dependencies.auth.ecs, or registry.ecs, on the service in hokusai.yaml, where one of them is ours",
      );
    }
    const seen = await Promise.all(named.map((place) => look(place, ports.ecs, signal)));
    const [refused] = seen.flatMap(({ described, unseen }) => (described === null ? unseen : []));
    if (
      refused !== undefined &&
      seen.every((one) => one.described === null && one.unseen.length > 0)
    )
      throw new FactUnavailable(refused);
    return seen;
  },
});

/** Those that the catalogue names, with nothing known of them yet. */
export const unknownServices = ({ service }: Target): readonly DependencyService[] =>
  Object.entries(service.dependencies).flatMap(([dependency, one]) => {
    const ecs = one !== null && "ecs" in one ? one.ecs : null;
    return ecs === null || ecs === undefined
      ? []
      : [
          {
            dependency,
            ...ecs,
            described: null,
            deployments: null,
            revisions: null,
            unseen: [],
          },
        ];
  });

async function look(
  place: DependencyService,
  ecs: EcsPort,
  signal: AbortSignal,
): Promise<DependencyService> {
  const unseen: Missing[] = [];
  const orNull = async <Value>(asked: Promise<Value>): Promise<Value | null> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof FactUnavailable)) throw error;
      unseen.push(error.missing);
      return null;
    }
  };
  const service = await orNull(ecs.service(place.cluster, place.service, signal));
  if (service === null) return { ...place, unseen };
  const { events: _events, network: _network, ...described } = service;
  const [deployments, revisions] = await Promise.all([
    orNull(ecs.deployments(place.cluster, place.service, signal)),
    orNull(twoRevisions(service, ecs, signal)),
  ]);
  return { ...place, described, deployments, revisions, unseen };
}
