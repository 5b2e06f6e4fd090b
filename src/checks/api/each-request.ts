import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { edgeLayer, seenLine } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { modelRequests } from "#facts/model-requests.ts";

/** What one task of several does is seen by one request of several. */
export const eachRequest = defineCheck({
  id: "api/each-request",
  question: "Is each of several requests for this model answered?",
  needs: { requests: modelRequests },
  outcomes: {
    "all-answer": ok("Every one of several requests for this model was answered."),
    "some-fail": degraded(
      "Of several equal requests some are answered and others are not: a part of the service fails.",
      "Compare the tasks one by one (ecs/task-health, load-balancer/targets, their log streams); stop the one that fails.",
    ),
    "all-fail": failing(
      "None of several requests for this model was answered.",
      "See edge/reach and api/model-info: what fails is common to all tasks.",
    ),
  },
  // Several requests at once, and once more before a verdict hangs on them: chance has no part in it.
  noise: "read",
  judge({ requests }, { target }) {
    const kinds = Map.groupBy(requests, (one) => `${one.outcome} ${one.status ?? ""}`);
    const evidence = [...kinds.values()].map((same) => ({
      label: `${same.length} of ${requests.length} (${same[0]?.key ?? "none"} key)`,
      seen: same[0] === undefined ? "" : seenLine(same[0]),
      wanted: "an answer",
    }));
    // A refusal comes before whatever needs the model: it hides what the tasks would do.
    const told = requests.filter(({ status }) => ![401, 403, 429].includes(status ?? 0));
    if (told.length < 2)
      return cannotTell(
        `${requests.length - told.length} of ${requests.length} requests were refused by key`,
        `set ${target.service.api.probeKey.env} to a key that may read this model`,
      );
    const failed = told.filter((one) => !isAnswer(one)).length;
    const summary = `${told.length - failed} of ${told.length} requests answered`;
    const outcome = failed === 0 ? "all-answer" : failed < told.length ? "some-fail" : "all-fail";
    return found(outcome, summary, evidence);
  },
});

const isAnswer = (seen: HttpObservation): boolean =>
  edgeLayer(seen) === "app" && (seen.status ?? 500) < 500;
