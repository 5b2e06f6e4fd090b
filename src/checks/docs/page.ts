import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { seenLine } from "#core/observation.ts";
import type { Difference } from "#core/request-difference.ts";
import { documentedUrls } from "#facts/documented-urls.ts";

/** A page that leads customers elsewhere makes every new customer call in. */
export const page = defineCheck({
  id: "docs/page",
  question: "Do the published pages show the request that works?",
  needs: { pages: documentedUrls },
  outcomes: {
    match: ok("Every request on the published pages is the canonical one."),
    "other-host": degraded(
      "A published page shows another host than the API's.",
      "Correct the host on the page, then tell customers who took it from there.",
    ),
    "other-path": degraded(
      "A published page shows another path than the API serves.",
      "Correct the path on the page.",
    ),
    "other-method": degraded(
      "A published page shows another method than POST.",
      "Correct the method on the page.",
    ),
    "other-header": degraded(
      "A published page shows the key in another header or form.",
      "Correct the header on the page.",
    ),
    "other-fields": degraded(
      "A published page shows other fields than the model takes.",
      "Correct the body on the page, or the catalogue's if the model has changed.",
    ),
  },
  noise: "lasting",
  judge({ pages }) {
    if (pages.length === 0)
      return cannotTell(
        "the catalogue names no published page",
        "set documents on the model in hokusai.yaml",
      );
    const evidence = pages.flatMap((one) =>
      one.samples.length === 0
        ? [
            {
              label: one.url,
              seen: `${one.seen === null ? one.problem : seenLine(one.seen)}, no request found`,
              wanted: "an example request",
            },
          ]
        : one.samples.map((sample) => ({
            label: one.url,
            seen: [
              `${sample.method} ${sample.url}`,
              ...sample.differences.map((difference) => `${difference.part}: ${difference.seen}`),
            ].join("; "),
            wanted:
              sample.differences.map((difference) => difference.wanted).join("; ") ||
              "the canonical request",
          })),
    );
    const samples = pages.flatMap((one) => one.samples);
    if (samples.length === 0) {
      return cannotTell(
        "no example request could be read from the published pages",
        "see that the pages show one as text, and that they answer",
      );
    }
    for (const [part, outcome] of order) {
      const difference = samples
        .flatMap((sample) => sample.differences)
        .find((candidate) => candidate.part === part);
      if (difference !== undefined)
        return found(
          outcome,
          part === "fields"
            ? `${part} ${difference.seen}`
            : `${part} ${difference.seen} instead of ${difference.wanted}`,
          evidence,
        );
    }
    return found(
      "match",
      `${samples.length} of ${samples.length} examples are canonical`,
      evidence,
    );
  },
});

/** http:// for https:// leads to another place, as another host does. */
const order = [
  ["host", "other-host"],
  ["scheme", "other-host"],
  ["path", "other-path"],
  ["method", "other-method"],
  ["header", "other-header"],
  ["fields", "other-fields"],
] as const satisfies readonly (readonly [Difference["part"], string])[];
