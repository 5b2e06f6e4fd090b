import { defineCheck, degraded, found, ok } from "#core/check.ts";
import { logLines } from "#facts/log-lines.ts";
import { seenOf } from "#facts/log-lines/seen.ts";
import { logsConsole } from "../console.ts";

export const hub = defineCheck({
  id: "logs/hub",
  question: "Does the API log errors about the model hub?",
  needs: { lines: logLines },
  outcomes: {
    none: ok("The API logged no trouble with the model hub."),
    errors: degraded(
      "The API cannot load from the model hub: token, private repository, or the way out.",
      "Check the hub from here (dependencies/hub), the token's name (ecs/environment) and network/egress-hub.",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ lines }) {
    const looked = seenOf(lines, ["hub"]);
    if ("notRun" in looked) return looked;
    const { count, summary, evidence } = looked.seen;
    return found(count === 0 ? "none" : "errors", summary, evidence);
  },
});
