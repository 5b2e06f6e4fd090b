import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { leadingCourse } from "#core/onset.ts";
import { requestHistory } from "#facts/request-history.ts";
import { exposureOf, requestCourses } from "#facts/request-history/request-courses.ts";
import { loadBalancerConsole } from "../console.ts";
import { onsetWords, sum } from "../onset-words.ts";

/** Where no request reaches the API its log is silent, and the load balancer alone knows since when. */
export const onset = defineCheck({
  id: "load-balancer/onset",
  question: "Since when are more requests answered with a server error?",
  needs: { history: requestHistory },
  outcomes: {
    none: ok("The share of requests that fail did not step up in the last hours."),
    onset: degraded(
      "The share of requests that fail stepped up at a certain time.",
      "Compare it with deployments and changes (changes/recent).",
    ),
  },
  noise: "probe",
  consoleLink: loadBalancerConsole,
  judge({ history }, { now }) {
    const exposure = exposureOf(history);
    const all = sum(exposure);
    if (all === 0)
      return cannotTell(
        `no request was counted in ${exposure.length} minutes`,
        "send one, or wait for traffic",
      );
    const courses = requestCourses(history);
    const stepped = leadingCourse(courses);
    const words = stepped === null ? null : onsetWords(stepped, now);
    const seen = {
      requests: all,
      "5xx by the load balancer": sum(history.elb5xx),
      "5xx by the API": sum(history.target5xx),
    };
    const evidence = Object.entries(seen).map(([label, count]) => ({ label, seen: `${count}` }));
    if (words !== null && stepped !== null)
      return found("onset", words.summary, [...words.evidence, ...evidence], { course: stepped });
    const [own] = courses;
    return found(
      "none",
      `${sum(history.elb5xx) + sum(history.target5xx)} 5xx in ${all} requests and ${exposure.length} minutes, no step`,
      evidence,
      own === undefined ? {} : { course: own },
    );
  },
});
