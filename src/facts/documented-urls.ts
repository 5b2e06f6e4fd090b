import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { differences, type ComparedRequest } from "#core/request-difference.ts";
import { readSamples, type RequestSample } from "#core/request-sample.ts";

export interface DocumentedPage {
  readonly url: string;
  /** Its body is left out; null where it could not be asked, and `problem` says why. */
  readonly seen: HttpObservation | null;
  readonly problem: string | null;
  /** The requests for predictions that it shows, as far as they can be read. */
  readonly samples: readonly DocumentedSample[];
}

export interface DocumentedSample extends ComparedRequest {
  /** What else it shows: names and kinds; absent in older records. */
  readonly sample?: Omit<RequestSample, "url" | "method">;
}

/** What the published pages tell customers to send, compared with the canonical request; empty: no page is named. */
export const documentedUrls = defineFact({
  id: "documented-urls",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal, runId }): Promise<readonly DocumentedPage[]> =>
    Promise.all(
      target.documents.slice(0, 5).map(async (url): Promise<DocumentedPage> => {
        const asked = await ports.probe
          .http(
            {
              url,
              method: "GET",
              runId,
              headers: { accept: "text/html, */*;q=0.5" },
              timeoutMs: 2_800,
              connectTimeoutMs: 2_400,
              bodyLimit: 500_000,
            },
            signal,
          )
          .catch((error: unknown) => {
            if (error instanceof FactUnavailable && error.missing.reason === "not-applicable")
              return error.missing.detail;
            throw error;
          });
        if (typeof asked === "string") return { url, seen: null, problem: asked, samples: [] };
        const readable = asked.outcome === "answered" && asked.status === 200;
        const samples = readable
          ? readSamples(asked.body).filter((sample) => isPrediction(new URL(sample.url).pathname))
          : [];
        return {
          url,
          seen: { ...asked, body: "" },
          problem: null,
          samples: samples.map(({ url: address, method, ...sample }) => ({
            url: address,
            method,
            role: ports.probe.hostRole(target.service, new URL(address).hostname),
            differences: differences({ url: address, method, ...sample }, target),
            sample,
          })),
        };
      }),
    ),
});

/** Pages name other addresses as well; a wrong path for predictions still speaks of models or predictions. */
const isPrediction = (path: string): boolean => /predict|\/models?\/[^/]+\/?/iu.test(path);
