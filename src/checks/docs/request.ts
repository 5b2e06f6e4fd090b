import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { edgeLayer, familyOf, refusedPlace, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { clientRequests, type ClientRequest } from "#facts/client-requests.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";

/**
 * A page may differ from the canonical request and be right all the same: another header that the API
 * reads as well, a field that it does not need. So what differs is followed, as a customer would.
 */
export const request = defineCheck({
  id: "docs/request",
  question: "Where a published page differs from the canonical request, does it work to follow it?",
  needs: { requests: clientRequests, prediction: keyedPrediction },
  outcomes: {
    works: ok("Whoever follows the published page gets a prediction, although it differs."),
    "key-refused": failing(
      "Whoever follows the published page is refused for the key: it shows another header or form.",
      "Correct the header on the page, then tell customers who took it from there.",
    ),
    "body-refused": failing(
      "Whoever follows the published page is refused for the body (the finding names the field).",
      "Correct the fields on the page, or let the API take the old ones as well.",
    ),
    "method-refused": failing(
      "Whoever follows the published page is refused for the method.",
      "Correct the method on the page.",
    ),
    "not-served": failing(
      "Whoever follows the published page calls a path that the API does not serve.",
      "Correct the path on the page.",
    ),
    "other-server": failing(
      "Whoever follows the published page is answered by another server than the API.",
      "Correct the host on the page, then tell customers who took it from there.",
    ),
    "no-prediction": failing(
      "Whoever follows the published page gets an answer that is no prediction.",
      "Read the finding; correct the page, or the route that answers.",
    ),
  },
  noise: "probe",
  judge({ requests, prediction }) {
    const { documented, differing } = ofPages(requests);
    if (documented.length === 0)
      return cannotTell(
        "no example request could be read from a published page",
        "set documents on the model, and see that the pages show one as text",
      );
    if (differing.length === 0)
      return cannotTell(
        "the published request is the canonical one: prediction/with-key tells whether it works",
        "nothing to mend here",
      );
    const tried = differing.flatMap((one) =>
      one.seen === null ? [] : [{ ...one, seen: one.seen }],
    );
    const canonical = prediction.seen;
    const evidence = [
      ...differing.map((one) => ({
        label: `${one.method} ${one.url}`,
        seen: one.seen === null ? `not tried: ${one.untried ?? ""}` : answerOf(one.seen),
        wanted: "200 JSON",
      })),
      { label: "canonical request", seen: seenLine(canonical), wanted: "200 JSON" },
    ];
    const failed = tried.find((one) => !works(one));
    if (failed === undefined)
      return tried.length < differing.length
        ? cannotTell(
            differing.find(({ seen }) => seen === null)?.untried ?? "it was not tried",
            "set the scoped key, or wait until predictions may be sent again",
          )
        : found("works", `${tried.length} of ${differing.length} that differ work`, evidence);
    if (canonical.status !== 200 && alike(failed.seen, canonical))
      return cannotTell(
        `it fails as the canonical request does: ${seenLine(canonical)}`,
        "see prediction/with-key first",
      );
    const differs = failed.differences.map(({ part, seen }) => `${part} ${seen}`).join("; ");
    return found(outcomeOf(failed.seen), `${answerOf(failed.seen)}, with ${differs}`, evidence);
  },
});

function ofPages(requests: readonly ClientRequest[]) {
  const documented = requests.filter((one) => one.documented ?? one.source === "documented");
  return { documented, differing: documented.filter((one) => one.differences.length > 0) };
}

const works = ({ seen, contract }: ClientRequest): boolean =>
  seen?.status === 200 && (contract?.holds ?? true);

const answerOf = (seen: HttpObservation): string => {
  const place = seen.status === 422 ? refusedPlace(seen) : null;
  return `${seenLine(seen)}${place === null ? "" : `, ${place}`} (${seen.key} key)`;
};

const alike = (one: HttpObservation, other: HttpObservation): boolean =>
  one.status === other.status && familyOf(one) === familyOf(other);

function outcomeOf(seen: HttpObservation) {
  const answered = familyOf(seen) === "answered";
  if (!answered || edgeLayer(seen) !== "app") return "other-server";
  switch (seen.status ?? 0) {
    case 401:
    case 403:
      return "key-refused";
    case 404:
      return "not-served";
    case 405:
      return "method-refused";
    case 400:
    case 415:
    case 422:
      return "body-refused";
    default:
      return "no-prediction";
  }
}
