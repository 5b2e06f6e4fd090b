import type { Secrets } from "#core/config.ts";
import { notApplicable } from "#core/missing.ts";
import type { DependencyPorts } from "#core/ports/dependencies.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import type { Outbound } from "./probe/index.ts";

/** The hub's REST interface: who the token is, and whether it sees the repository. Answers are not kept. */
export function createHuggingFace(outbound: Outbound, secrets: Secrets): DependencyPorts["hub"] {
  return {
    repository: async (service, runId, signal) => {
      const { hub } = service.dependencies;
      if (hub === null)
        throw notApplicable(
          "no hub is configured",
          "set dependencies.hub on the service in hokusai.yaml",
        );
      const token = hub.token === null ? undefined : secrets(hub.token);
      const ask = async (path: string): Promise<HttpObservation> => {
        const mark = outbound.mark(runId);
        const seen = await outbound.send(
          {
            url: `${hub.url.replace(/\/$/u, "")}${path}`,
            method: "GET",
            timeoutMs: 2_800,
            connectTimeoutMs: 2_400,
            bodyLimit: 200,
            headers: {
              accept: "application/json",
              ...mark.headers,
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
            requestId: mark.requestId,
            used: "none",
          },
          signal,
        );
        return { ...seen, body: "" };
      };
      const repository =
        hub.repository === null
          ? null
          : hub.repository.split("/").map(encodeURIComponent).join("/");
      const [who, model] = await Promise.all([
        token === undefined ? null : ask("/api/whoami-v2"),
        repository === null ? null : ask(`/api/models/${repository}`),
      ]);
      return { repository: hub.repository, token: who, model };
    },
  };
}
