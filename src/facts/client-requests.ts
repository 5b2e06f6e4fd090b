import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { HttpObservation, HttpRequest, ProbePort } from "#core/ports/probe.ts";
import { differences, type ComparedRequest } from "#core/request-difference.ts";
import { bareUrl } from "#core/request-sample.ts";
import type { Reported, Target } from "#core/target.ts";
import { documentedUrls } from "./documented-urls.ts";
import { serviceMetrics } from "./service-metrics.ts";

export interface ClientRequest extends ComparedRequest {
  /** Who says that customers send this. */
  readonly source: "reported" | "catalogue" | "documented";
  /** What was given cannot be read as an HTTP address; then `url` is empty. */
  readonly unreadable: boolean;
  /** null: not sent, because it is the canonical request, or because the host is not ours. */
  readonly seen: HttpObservation | null;
}

const most = 5;

/**
 * The requests that customers are known or told to send, each compared with the canonical one and
 * tried where its host is in the catalogue.
 */
export const clientRequests = defineFact({
  id: "client-requests",
  needs: { documents: documentedUrls },
  // The first prediction warms the model and counts as traffic.
  after: [serviceMetrics],
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 10_500,
  rereadable: true,
  gather: async ({
    ports,
    target,
    reported,
    signal,
    runId,
    facts,
  }): Promise<readonly ClientRequest[]> => {
    const given = [
      ...ofReported(reported, target),
      ...target.customerUrls.map((url) => toGiven("catalogue", url, "POST", target)),
    ];
    const documented = facts.documents
      .flatMap((page) => page.samples)
      .map((sample): Given => ({
        source: "documented",
        url: fillId(sample.url, target),
        method: sample.method,
        unreadable: false,
      }));
    const distinct = new Map<string, Given>();
    for (const request of [...given, ...documented]) {
      const key = `${request.method} ${request.url}`;
      if (!distinct.has(key) && distinct.size < most) distinct.set(key, request);
    }
    return Promise.all(
      [...distinct.values()].map((request) => attempt(request, ports.probe, target, runId, signal)),
    );
  },
});

type Given = Pick<ClientRequest, "source" | "url" | "method" | "unreadable"> &
  Partial<NonNullable<Reported["sample"]>>;

const ofReported = (reported: Reported | null, target: Target): readonly Given[] =>
  reported?.url == null
    ? []
    : [
        {
          ...toGiven("reported", reported.url, reported.method.toUpperCase(), target),
          ...reported.sample,
        },
      ];

/** People give the whole URL, or the base URL of their settings: that one is completed. */
function toGiven(source: Given["source"], text: string, method: string, target: Target): Given {
  const bare = bareUrl(text);
  if (bare === null) return { source, url: "", method, unreadable: true };
  const suffix = target.service.api.paths.predict.replaceAll("{id}", encodeURIComponent(target.id));
  const known = new Set(suffix.split("/").filter((segment) => segment !== ""));
  const isBase = !new URL(bare).pathname
    .split("/")
    .some((segment) => known.has(segment) || /predict/iu.test(segment));
  return {
    source,
    url: isBase ? bare.replace(/\/$/u, "") + suffix : bare,
    method,
    unreadable: false,
  };
}

const fillId = (url: string, target: Target): string =>
  url.replace(/\{[^}/]*\}|<[^>/]*>/gu, encodeURIComponent(target.id));

async function attempt(
  given: Given,
  probe: ProbePort,
  target: Target,
  runId: string,
  signal: AbortSignal,
): Promise<ClientRequest> {
  if (given.unreadable) return { ...given, role: null, differences: [], seen: null };
  const role = probe.hostRole(target.service, new URL(given.url).hostname);
  const compared = { ...given, role, differences: differences(given, target) };
  const ours = role !== null && role !== "dependency" && role !== "document";
  // What differs in header or body only is not tried as it is: their key and values are not ours to send.
  const elsewhere = compared.differences.some(({ part }) => part !== "header" && part !== "fields");
  if (!ours || !elsewhere || !sendable(given.method)) return { ...compared, seen: null };
  const keyed = probe.keyState(target.service) === "configured";
  const request: HttpRequest = {
    url: given.url,
    method: given.method,
    runId,
    timeoutMs: 8_000,
    bodyLimit: 1_000,
    key: { service: target.service.id, kind: keyed ? "scoped" : "dummy" },
    ...(given.method === "GET"
      ? {}
      : {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(target.prediction.body),
        }),
  };
  // Where no further prediction may be sent, a dummy key still shows who answers.
  const dummy = { ...request, key: { service: target.service.id, kind: "dummy" as const } };
  const seen = await probe.http(request, signal).catch((error: unknown) => {
    if (error instanceof FactUnavailable && error.missing.reason === "not-applicable")
      return probe.http(dummy, signal);
    throw error;
  });
  return { ...compared, seen };
}

/** Other methods could change something; comparing them is enough. */
const sendable = (method: string): boolean => method === "GET" || method === "POST";
