import type { ErrorCourse } from "#core/finding.ts";
import { leadingCourse } from "#core/onset.ts";
import type { ValueOf } from "#core/fact.ts";
import type { logHistory } from "../log-history.ts";
import { courseOf, errorCourse } from "../log-history/error-course.ts";
import type { requestHistory } from "../request-history.ts";

type Requests = ValueOf<typeof requestHistory>;
type Log = ValueOf<typeof logHistory>;

/** All that came, a minute: RequestCount leaves out what reached no target, and those are errors then. */
export const exposureOf = ({ requests, elb5xx, target5xx }: Requests): readonly number[] =>
  requests.map((count, i) => Math.max(count, (elb5xx[i] ?? 0) + (target5xx[i] ?? 0)));

/** The errors that the load balancer made itself, and those of its targets, per request. */
export function requestCourses(history: Requests): readonly ErrorCourse[] {
  const { from, elb5xx, target5xx } = history;
  const exposures = [exposureOf(history)];
  return [
    courseOf("load-balancer", { from, counts: elb5xx }, exposures),
    courseOf("targets", { from, counts: target5xx }, exposures),
  ];
}

/** The log's errors, with the requests that are known of. */
export const logCourse = (log: Log, requests: Requests | undefined): ErrorCourse =>
  errorCourse(
    log,
    requests === undefined ? null : { from: requests.from, requests: exposureOf(requests) },
  );

/** Since when there are more errors, as the run says it; null where nothing that is known stepped up. */
export function runOnset(log: Log | undefined, requests: Requests | undefined): ErrorCourse | null {
  return leadingCourse([
    ...(requests === undefined ? [] : requestCourses(requests)),
    ...(log === undefined ? [] : [logCourse(log, requests)]),
  ]);
}
