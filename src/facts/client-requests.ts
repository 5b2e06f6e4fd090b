import { bodyOfShape } from "#core/body-shape.ts";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { HttpObservation, HttpRequest, ProbePort } from "#core/ports/probe.ts";
import { differences, keyPlace, type ComparedRequest } from "#core/request-difference.ts";
import { bareUrl } from "#core/request-sample.ts";
import type { Reported, Target } from "#core/target.ts";
import { documentedUrls } from "./documented-urls.ts";
import { keyedPrediction } from "./keyed-prediction.ts";
import { contractOf, type Contract } from "./prediction/contract.ts";
import { serviceMetrics } from "./service-metrics.ts";

export interface ClientRequest extends ComparedRequest {
  /** Who says that customers send this. */
  readonly source: "reported" | "catalogue" | "documented";
  /** Whether a published page shows it, whoever else sends it; absent in older records. */
  readonly documented?: boolean;
  /** What was given cannot be read as an HTTP address; then `url` is empty. */
  readonly unreadable: boolean;
  /** null: not sent, because it is the canonical request, or for the reason in `untried`. */
  readonly seen: HttpObservation | null;
  /** Why a request that differs was not tried; null where it was, or need not be. */
  readonly untried?: string | null;
  /** Whether a 200 was a prediction; null for any other answer. */
  readonly contract?: Contract | null;
}

const most = 5;

/**
 * The requests that customers are known or told to send, each compared with the canonical one and, where
 * it differs and its host is ours, sent as they send it: their method, their header with our scoped key in
 * it, a body of their shape with our values. Never their key, never their values.
 */
export const clientRequests = defineFact({
  id: "client-requests",
  needs: { documents: documentedUrls },
  // They warm the model and count as traffic.
  after: [serviceMetrics, keyedPrediction],
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 10_500,
  // Each of them may be a prediction: sent again only where the verdict hangs on it, and would call a customer wrong.
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
      .map(({ url, method, sample = {} }): Given => ({
        source: "documented",
        url: fillId(url, target),
        method,
        unreadable: false,
        documented: true,
        ...sample,
      }));
    const distinct = new Map<string, Given>();
    for (const request of [...given, ...documented]) {
      const { source, documented: _, ...sent } = request;
      const key = JSON.stringify(sent);
      const known = distinct.get(key);
      if (known !== undefined)
        distinct.set(key, { ...known, documented: known.documented || source === "documented" });
      else if (distinct.size < most) distinct.set(key, request);
    }
    return Promise.all(
      [...distinct.values()].map((request) => attempt(request, ports.probe, target, runId, signal)),
    );
  },
});

type Given = Pick<ClientRequest, "source" | "url" | "method" | "unreadable"> & {
  readonly documented: boolean;
} & Partial<NonNullable<Reported["sample"]>>;

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
  if (bare === null) return { source, url: "", method, unreadable: true, documented: false };
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
    documented: false,
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
  const { source, url, method, unreadable, documented } = given;
  const known = { source, url, method, unreadable, documented };
  const told = { ...known, seen: null, untried: null, contract: null };
  if (unreadable) return { ...told, role: null, differences: [] };
  const role = probe.hostRole(target.service, new URL(url).hostname);
  const compared = { ...told, role, differences: differences(given, target) };
  if (role === null || role === "dependency" || role === "document")
    return { ...compared, untried: "nothing is sent to a host that is not ours" };
  if (compared.differences.length === 0) return compared;
  // Other methods could change something; comparing them is enough.
  if (method !== "GET" && method !== "POST")
    return { ...compared, untried: `${method} could change something` };
  const request = toRequest(given, target, runId);
  const seen = await send(request, compared, probe, target, signal);
  if (typeof seen === "string") return { ...compared, untried: seen };
  return { ...compared, seen, contract: contractOf(seen, target) };
}

function toRequest(given: Given, target: Target, runId: string): HttpRequest {
  const { url, method, headers = [], shape, contentType } = given;
  const { service, prediction } = target;
  const place = headers.length === 0 ? undefined : keyPlace(given, target);
  const key = { service: service.id, kind: "scoped" } as const;
  const body = shape == null ? prediction.body : bodyOfShape(shape, prediction.body);
  return {
    url,
    method,
    runId,
    timeoutMs: 8_000,
    bodyLimit: 2_000,
    // Headers are known, and none of them is for a key: then theirs goes without one.
    ...(place === null ? {} : { key: place === undefined ? key : { ...key, as: place } }),
    ...(method === "GET"
      ? {}
      : {
          headers: { "content-type": contentType ?? "application/json" },
          body: JSON.stringify(body),
        }),
  };
}

/** The answer, or why it could not be tried in a way that tells something. */
async function send(
  request: HttpRequest,
  { differences: all }: Pick<ComparedRequest, "differences">,
  probe: ProbePort,
  { service }: Target,
  signal: AbortSignal,
): Promise<HttpObservation | string> {
  const elsewhere = all.some(({ part }) => part !== "header" && part !== "fields");
  const dummy = { ...request, key: { service: service.id, kind: "dummy" as const } };
  if (request.key === undefined) return probe.http(request, signal);
  if (probe.keyState(service) !== "configured") {
    // A key nobody issued still shows who answers at another address, and says nothing of a header or body.
    return elsewhere ? probe.http(dummy, signal) : "there is no scoped key to try it with";
  }
  try {
    return await probe.http(request, signal);
  } catch (error) {
    if (!(error instanceof FactUnavailable) || error.missing.reason !== "not-applicable")
      throw error;
    return elsewhere ? probe.http(dummy, signal) : error.missing.detail;
  }
}
