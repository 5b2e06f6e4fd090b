import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { logsConsole } from "../console.ts";
import { dependencyLines } from "./dependency-lines.ts";

const dependency = {
  name: "the model hub",
  unresolved: "hub-unresolved",
  errors: ["hub"],
} as const;

export const hub = defineCheck({
  id: "logs/hub",
  question: "Does the API log errors about the model hub?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with the model hub."),
    unresolved: failing(
      "The model hub's name does not resolve for the API: DNS in the VPC, or a wrong host in its configuration. The hub itself may be well.",
      "Look the name up from a task (container/names) and see network/vpc-dns; compare with dns/external-names.",
    ),
    errors: degraded(
      "The API cannot load from the model hub: token, private repository, or the way out.",
      "Check the hub from here (dependencies/hub), the token's name (ecs/environment) and network/egress-hub.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }, { now }) {
    const looked = dependencyLines(lines, dependency, now);
    if ("notRun" in looked) return looked;
    return found(looked.prevails ?? "none", looked.summary, looked.evidence);
  },
});
