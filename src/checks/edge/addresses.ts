import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { edgeAddresses } from "#facts/edge-addresses.ts";

/** One dead address of three is a third of the failures that nobody can reproduce. */
export const addresses = defineCheck({
  id: "edge/addresses",
  question: "Does each of the API's addresses answer?",
  needs: { seen: edgeAddresses },
  outcomes: {
    "all-answer": ok("Every address of the API's name leads to something that answers."),
    "some-fail": degraded(
      "Some requests are answered and others are not, by address or in turn: callers fail now and then.",
      "One address only: take its zone out of the load balancer, or mend it. In turn: find the target that fails (load-balancer/targets).",
    ),
    "all-fail": failing(
      "No address of the API's name answers.",
      "See edge/reach: the fault is common to all of them.",
    ),
  },
  // Each address is asked several times, and again before a verdict hangs on it: chance has no part in it.
  noise: "read",
  judge({ seen: all }) {
    if (all.length === 0)
      return cannotTell("the API's name has no address to try", "see dns/external-names");
    const seen = all.filter((one) => !isBeyondUs(one));
    const beyond = new Set(all.filter(isBeyondUs).map(({ address }) => address));
    if (seen.length === 0)
      return cannotTell(
        "the API's name has IPv6 addresses only, and this network has no way to them",
        "run the bot where IPv6 works",
      );
    const works = (one: (typeof seen)[number]): boolean =>
      edgeLayer(one) === "app" && (one.status ?? 500) < 500;
    const byAddress = [...Map.groupBy(seen, (one) => one.address ?? one.host)].map(
      ([address, all]) => ({ address, all, failed: all.filter((one) => !works(one)) }),
    );
    const evidence = [
      ...byAddress.map((one) => ({
        label: one.address,
        seen: `${one.all.length - one.failed.length} of ${one.all.length} answered; ${lines(one.failed.length > 0 ? one.failed : one.all)}`,
        wanted: "an answer of the application each time",
      })),
      ...[...beyond].map((address) => ({
        label: address ?? "",
        seen: "not judged: this network has no way to IPv6 addresses",
      })),
    ];
    const dead = byAddress.filter(({ all, failed }) => failed.length === all.length);
    const wavering = byAddress.filter(
      ({ all, failed }) => failed.length > 0 && failed.length < all.length,
    );
    const answer = `${byAddress.length - dead.length} of ${byAddress.length} addresses answer`;
    if (dead.length === byAddress.length) return found("all-fail", answer, evidence);
    if (dead.length + wavering.length === 0) return found("all-answer", answer, evidence);
    const now = wavering.map(({ address }) => address).join(", ");
    return found("some-fail", now === "" ? answer : `${answer}, ${now} not each time`, evidence);
  },
});

/** Our own missing route to IPv6, refused by this machine before anything is sent. */
const isBeyondUs = ({ address, code }: HttpObservation): boolean =>
  (address?.includes(":") ?? false) && code === "ENETUNREACH";

/** The distinct answers, the first of each kind. */
const lines = (seen: readonly HttpObservation[]): string => {
  const kinds = new Map(seen.map((one) => [`${one.outcome} ${one.status ?? ""}`, one]));
  return [...kinds.values()].map(seenLine).join("; ");
};
