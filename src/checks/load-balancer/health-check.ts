import { cannotTell, defineCheck, degraded, failing, found, lacks, ok } from "#core/check.ts";
import { targetGroups } from "#facts/target-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { targetGroupConsole } from "../console.ts";

const shortestIntervalSeconds = 5;

/** Whether a matcher such as "200-299,301" takes a code. */
const takes = (matcher: string, code: number): boolean =>
  matcher.split(",").some((part) => {
    const [from = "", to = from] = part.trim().split("-");
    return code >= Number(from) && code <= Number(to);
  });

export const healthCheck = defineCheck({
  id: "load-balancer/health-check",
  question: "Does the load balancer's health check ask what the API serves?",
  needs: { groups: targetGroups },
  optional: { health: targetHealth },
  outcomes: {
    consistent: ok(
      "The health check asks the API's health path on the port of the traffic, and takes 200.",
    ),
    "wrong-path-or-port": failing(
      "The health check asks another path or port than the API's health endpoint, or does not take 200.",
      "Set path, port and matcher of the target group's health check to what the API serves.",
    ),
    "too-strict": degraded(
      "The health check gives up within a time that a busy program can need.",
      "Raise time-out, interval or the count of failures before a target is unhealthy.",
    ),
  },
  noise: "read",
  consoleLink: targetGroupConsole,
  judge({ groups, health }, { target }) {
    const own = groups.filter((group) => group.ofService);
    if (own.length === 0)
      return cannotTell("the service names no target group", "see identity/chain");
    const path = new URL(target.service.api.health).pathname;
    const port = `${target.service.ecs.port}`;
    const judged = own.map(({ arn, name, healthCheck: check }) => {
      // A target that passes proves that the API serves what is asked, whatever the catalogue says.
      const passes =
        health?.find((one) => one.arn === arn)?.targets.some((one) => one.state === "healthy") ??
        false;
      const {
        path: asked,
        port: askedPort,
        matcher,
        timeoutSeconds,
        intervalSeconds,
        unhealthyCount,
      } = check;
      const wrong = [
        asked !== null && asked !== path ? `path ${asked}, the API serves ${path}` : "",
        askedPort !== null && askedPort !== "traffic-port" && askedPort !== port
          ? `port ${askedPort}, not ${port}`
          : "",
        matcher !== null && !takes(matcher, 200) ? `takes ${matcher}, not 200` : "",
      ].filter((one) => one !== "");
      const gone = (unhealthyCount ?? 2) * (intervalSeconds ?? 30);
      const strict =
        (timeoutSeconds !== null && timeoutSeconds < 2) || gone <= 2 * shortestIntervalSeconds
          ? [`time-out ${timeoutSeconds ?? "?"} s, unhealthy after ${gone} s`]
          : [];
      const seen = `${asked ?? "TCP"} on ${askedPort ?? "traffic-port"}, takes ${matcher ?? "any"}, every ${intervalSeconds ?? "?"} s, time-out ${timeoutSeconds ?? "?"} s`;
      return {
        name,
        wrong: passes ? [] : wrong,
        strict: passes ? [] : strict,
        evidence: { label: name, seen, wanted: `${path} on ${port} or traffic-port, takes 200` },
      };
    });
    const evidence = judged.map((one) => one.evidence);
    const wouldBlame = judged.some((one) => one.wrong.length > 0 || one.strict.length > 0);
    if (wouldBlame && health === undefined) return lacks("health");
    const wrong = judged.find((one) => one.wrong.length > 0);
    if (wrong !== undefined)
      return found("wrong-path-or-port", `${wrong.name}: ${wrong.wrong.join("; ")}`, evidence);
    const strict = judged.find((one) => one.strict.length > 0);
    if (strict !== undefined)
      return found("too-strict", `${strict.name}: ${strict.strict.join("; ")}`, evidence);
    return found(
      "consistent",
      `${judged[0]?.name ?? ""}: ${judged[0]?.evidence.seen ?? ""}`,
      evidence,
    );
  },
});
