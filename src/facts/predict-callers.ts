import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { accessOf } from "./log-lines/kinds.ts";
import { isOwnRequest } from "./log-lines/own-requests.ts";
import { wordingOf } from "./log-lines/wording.ts";

export interface PredictCallers {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** False where there was more to read than was read. */
  readonly complete: boolean;
  /** Status -> how many POSTs to this model's prediction got it; null where the log group does not exist. */
  readonly statuses: Readonly<Record<string, number>> | null;
}

const windowMs = 15 * 60_000;
const mostCalls = 3;

/**
 * What callers of this model were answered before this run, by the application's own access lines: the only
 * thing that tells of keys other than ours. Lines carry no key, and callers' addresses are not kept.
 */
export const predictCallers = defineFact({
  id: "predict-callers",
  needs: {},
  permissions: ["logs:FilterLogEvents"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, now, signal }): Promise<PredictCallers> => {
    const { thisModel, anyPredict } = wordingOf(target);
    const from = now - windowMs;
    // Terms side by side are "and"; the path alone would bring every model's lines.
    const path = new URL(target.service.api.url).pathname.replace(/\/$/u, "");
    const predict = path + target.service.api.paths.predict.replaceAll("{id}", target.id);
    const query = {
      group: target.service.logs.group,
      from,
      to: now,
      pattern: `"POST" ${JSON.stringify(predict)}`,
    };
    const statuses: Record<string, number> = {};
    let token: string | null = null;
    let calls = 0;
    do {
      // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
      const page = await ports.logs.page({ ...query, token }, signal);
      calls += 1;
      if (page === null)
        return { from: isoTime(from), to: isoTime(now), complete: true, statuses: null };
      for (const { text } of page.lines) {
        const request = accessOf(text);
        if (request === null || isOwnRequest(text)) continue;
        const asked = request.path.split("?")[0] ?? "";
        if (request.method !== "POST" || !anyPredict.test(asked) || !thisModel.test(asked))
          continue;
        statuses[request.status] = (statuses[request.status] ?? 0) + 1;
      }
      token = page.token;
    } while (token !== null && calls < mostCalls);
    return { from: isoTime(from), to: isoTime(now), complete: token === null, statuses };
  },
});
