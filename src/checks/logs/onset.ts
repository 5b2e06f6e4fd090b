import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { logHistory } from "#facts/log-history.ts";
import { requestHistory } from "#facts/request-history.ts";
import { logCourse } from "#facts/request-history/request-courses.ts";
import { logsConsole } from "../console.ts";
import { onsetWords, sum } from "../onset-words.ts";

/** Per request where the load balancer's count is known: twice the traffic is not an onset. */
export const onset = defineCheck({
  id: "logs/onset",
  question: "Since when does the API log more errors?",
  needs: { history: logHistory },
  optional: { requests: requestHistory },
  outcomes: {
    none: ok(
      "Errors did not step up in the last hours: there are none, or they were always there.",
    ),
    onset: degraded(
      "Errors stepped up at a certain time.",
      "Compare it with deployments and changes (changes/recent).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ history, requests }, { now }) {
    if (!history.complete && history.counts.length < 30) {
      return cannotTell(
        "the log is too busy to count far enough back",
        "grant logs:StartQuery and logs:GetQueryResults",
      );
    }
    const course = logCourse(history, requests);
    const words = onsetWords(course, now);
    if (words !== null) return found("onset", words.summary, words.evidence, { course });
    const span = `${history.counts.length} minutes`;
    return found("none", `${sum(history.counts)} errors in ${span}, no step`, [], { course });
  },
});
