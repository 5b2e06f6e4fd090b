import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { predictCallers } from "#facts/predict-callers.ts";
import { logsConsole } from "../console.ts";

/** Fewer say nothing: a scanner, or checks of our own before this one. */
const fewest = 5;

/** Our own key says nothing of a customer's: only what callers were answered does. */
export const refusals = defineCheck({
  id: "client/refusals",
  question: "Are callers of this model refused for their key or their rate?",
  needs: { callers: predictCallers },
  outcomes: {
    none: ok("Callers of this model are hardly ever refused."),
    "keys-refused": failing(
      "Most requests of callers to this model are refused with 401 or 403.",
      "If our scoped key works, it is theirs: compare its prefix, its expiry and its scope with the auth service's record.",
    ),
    throttled: degraded(
      "Many requests of callers to this model are refused with 429.",
      "Tell the caller their limit, or raise it where they are entitled to more.",
    ),
  },
  noise: "probe",
  consoleLink: logsConsole,
  judge({ callers }) {
    const { statuses } = callers;
    if (statuses === null)
      return cannotTell("the log group does not exist", "name the right log group in hokusai.yaml");
    const all = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    const window = `${callers.from.slice(11, 16)} to ${callers.to.slice(11, 16)}`;
    if (all < fewest)
      return cannotTell(
        `${all} requests of callers between ${window}: too few to tell`,
        "ask the customer to send one, then check again",
      );
    const refused = (statuses["401"] ?? 0) + (statuses["403"] ?? 0);
    const throttled = statuses["429"] ?? 0;
    const rows = Object.entries(statuses).toSorted(([a], [b]) => a.localeCompare(b));
    const evidence = rows.map(([status, count]) => ({
      label: `answered ${status}`,
      seen: `${count}`,
    }));
    const of = `of ${all} requests between ${window}`;
    const more = callers.complete ? "" : ", of those that were read";
    if (refused >= fewest && refused * 2 >= all)
      return found("keys-refused", `${refused} ${of} were refused (401, 403)${more}`, evidence);
    if (throttled >= fewest && throttled * 5 >= all)
      return found("throttled", `${throttled} ${of} were throttled (429)${more}`, evidence);
    return found("none", `${refused + throttled} ${of} were refused${more}`, evidence);
  },
});
