import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { logHistory } from "#facts/log-history.ts";
import { stepChange } from "#facts/log-history/step-change.ts";
import { logsConsole } from "../console.ts";

const minuteMs = 60_000;
const clock = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;

export const onset = defineCheck({
  id: "logs/onset",
  question: "Since when does the API log more complaints?",
  needs: { history: logHistory },
  outcomes: {
    none: ok(
      "Complaints did not step up in the last hours: there are none, or they were always there.",
    ),
    onset: degraded(
      "Complaints stepped up at a certain time.",
      "Compare it with deployments and changes (changes/recent).",
    ),
  },
  noise: "log",
  consoleLink: logsConsole,
  judge({ history }) {
    const from = Date.parse(history.from);
    if (!history.complete && history.counts.length < 30) {
      return cannotTell(
        "the log is too busy to count far enough back",
        "grant logs:StartQuery and logs:GetQueryResults",
      );
    }
    const total = history.counts.reduce((sum, count) => sum + count, 0);
    const step = stepChange(history.counts);
    const span = `${history.counts.length} minutes`;
    if (step === null) return found("none", `${total} complaints in ${span}, no step`);
    const [low, high] = [from + (step.low - 1) * minuteMs, from + (step.high + 1) * minuteMs];
    const margin = Math.max(1, Math.round((high - low) / 2 / minuteMs));
    return found(
      "onset",
      `complaints began ${clock(from + step.at * minuteMs)} (+-${margin} min)`,
      [
        { label: "complaints a minute before", seen: step.before.toFixed(2) },
        { label: "complaints a minute since", seen: step.after.toFixed(2) },
        { label: "began between", seen: `${clock(low)} and ${clock(high)}` },
      ],
    );
  },
});
