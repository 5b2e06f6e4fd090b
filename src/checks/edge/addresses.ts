import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import { edgeAddresses } from "#facts/edge-addresses.ts";

/** One dead address of three is a third of the failures that nobody can reproduce. */
export const addresses = defineCheck({
  id: "edge/addresses",
  question: "Does each of the API's addresses answer?",
  needs: { seen: edgeAddresses },
  outcomes: {
    "all-answer": ok("Every address of the API's name leads to something that answers."),
    "some-fail": degraded(
      "Some addresses answer and others do not: callers fail now and then.",
      "Find the zone of the failing addresses; take the zone out of the load balancer, or mend it.",
    ),
    "all-fail": failing(
      "No address of the API's name answers.",
      "See edge/reach: the fault is common to all of them.",
    ),
  },
  noise: "probe",
  judge({ seen }) {
    if (seen.length === 0)
      return cannotTell("the API's name has no address to try", "see dns/external-names");
    const works = (one: (typeof seen)[number]): boolean =>
      edgeLayer(one) === "app" && (one.status ?? 500) < 500;
    const failed = seen.filter((one) => !works(one));
    const evidence = seen.map((one) => ({
      label: one.address ?? one.host,
      seen: seenLine(one),
      wanted: "an answer of the application",
    }));
    const summary = `${seen.length - failed.length} of ${seen.length} addresses answer`;
    if (failed.length === 0) return found("all-answer", summary, evidence);
    return found(failed.length === seen.length ? "all-fail" : "some-fail", summary, evidence);
  },
});
