import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { serviceMetrics } from "#facts/service-metrics.ts";
import { loadBalancerConsole } from "../console.ts";
import { recentAnswers } from "./recent-answers.ts";

/** Below these a few failed requests are everyday life. */
const fewest = 3;
const share = 0.02;
const clientShare = 0.3;

export const errors = defineCheck({
  id: "load-balancer/errors",
  question: "Who made the errors that customers saw in the last 15 minutes?",
  needs: { metrics: serviceMetrics },
  outcomes: {
    none: ok("Load balancer and targets answered (nearly) all requests without error."),
    "load-balancer-5xx": failing(
      "The load balancer itself answered 5xx: it reached no target, or none answered in time.",
      "See load-balancer/targets and network/inbound; 502 is refused or reset, 503 no target, 504 a time-out.",
    ),
    "target-5xx": failing(
      "The API answered 5xx: requests reach it and fail there.",
      "Read its log (logs/model-errors, logs/auth, logs/database).",
    ),
    "target-4xx": degraded(
      "A large share of requests is refused by the API with 4xx.",
      "See which: 401 keys, 404 and 405 routes, 422 bodies, 429 limits (prediction/with-key, logs/method-not-allowed).",
    ),
  },
  noise: "lasting",
  consoleLink: loadBalancerConsole,
  judge({ metrics }, { now }) {
    const { all, ...seen } = recentAnswers(metrics, now);
    if (all === 0)
      return cannotTell(
        "no request was counted in the last 15 minutes",
        "send one, or wait for traffic",
      );
    const summary = `of ${all} requests: ${seen.elb5xx} 5xx by the load balancer, ${seen.target5xx} 5xx and ${seen.target4xx} 4xx by the API`;
    const evidence = Object.entries({ requests: all, ...seen }).map(([label, count]) => ({
      label,
      seen: `${count}`,
    }));
    const many = (count: number, least: number): boolean => count >= fewest && count / all >= least;
    if (many(seen.elb5xx, share) && seen.elb5xx >= seen.target5xx)
      return found("load-balancer-5xx", summary, evidence);
    if (many(seen.target5xx, share)) return found("target-5xx", summary, evidence);
    if (many(seen.target4xx, clientShare)) return found("target-4xx", summary, evidence);
    return found("none", summary, evidence);
  },
});
