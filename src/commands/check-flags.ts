import { listed, nearest } from "#core/nearest.ts";
import { readPasted } from "#core/request-sample.ts";
import type { Complaint, Vocabulary } from "./command.ts";
import { misunderstood } from "./flags.ts";
import type { FlagSpec, FlagValues, Misunderstood } from "./flags.ts";
import { symptomContinues, symptomWords, toSymptom } from "./symptom.ts";
import { brief } from "./typed-text.ts";
import { momentContinues, toMoment } from "./time.ts";

/** The flags of `check`, at every door. */
export const checkFlags = {
  plan: { value: "<plan>", means: "the plan to follow; without it the checks of all plans run" },
  symptom: {
    value: "<symptom>",
    means: `what the customer sees: ${symptomWords.join(", ")}`,
    continues: symptomContinues,
  },
  url: { value: "<url>", means: "the URL that the customer calls" },
  curl: {
    value: "'<curl ...>'",
    means:
      "the customer's whole request, last; its key, query and values are cut off before anything is kept",
  },
  method: { value: "<method>", means: "the HTTP method that the customer uses (POST)" },
  at: {
    value: "<time>",
    means: 'when it happened to them: 14:03, 2025-11-07T14:03Z or "20m ago"; UTC',
    continues: momentContinues,
  },
  ticket: { value: "<ticket>", means: "the Linear ticket to keep current: HOK-123" },
  "request-id": { value: "<id>", means: "the X-Request-ID of the customer's request" },
  fix: { value: "<sha>", means: "commit of a fix: is it what the tasks run?" },
} as const satisfies FlagSpec;

export function toPlan(text: string, model: string, { plans }: Vocabulary): string | Misunderstood {
  const exact = plans.find((plan) => plan.toLowerCase() === text.toLowerCase());
  if (exact !== undefined) return exact;
  const part = plans.filter((plan) => plan.toLowerCase().includes(text.toLowerCase()));
  const meant = nearest(text, plans) ?? (part.length === 1 ? (part[0] ?? null) : null);
  const hint = meant === null ? "" : ` (did you mean ${meant}?)`;
  return misunderstood(
    `There is no plan ${brief(text)}: the plans are ${listed(plans)}${hint}.`,
    meant === null ? null : `check model ${model} --plan ${meant}`,
  );
}

export function toTicket(text: string): string | Misunderstood {
  const id =
    /^(?:https:\/\/linear\.app\/[^/\s]+\/issue\/)?([A-Za-z][A-Za-z0-9]{0,9}-\d{1,7})(?:[/?#]\S*)?$/u.exec(
      text,
    )?.[1];
  return (
    id?.toUpperCase() ??
    misunderstood(`--ticket wants the id of a Linear ticket such as HOK-123, not ${brief(text)}.`)
  );
}

export function toComplaint(flags: FlagValues<typeof checkFlags>): Complaint | Misunderstood {
  const symptom = flags.symptom === undefined ? null : toSymptom(flags.symptom);
  if (symptom === null && flags.symptom !== undefined) {
    const meant = nearest(
      flags.symptom,
      symptomWords.filter((word) => /^[a-z]/u.test(word)),
    );
    const hint = meant === null ? "" : ` (did you mean ${meant}?)`;
    return misunderstood(
      `There is no symptom ${brief(flags.symptom)}: the symptoms are ${listed(symptomWords)}${hint}.`,
    );
  }
  const pasted = flags.curl === undefined ? null : readPasted(flags.curl);
  if (pasted === null && flags.curl !== undefined)
    return misunderstood("--curl wants a curl command with an http or https URL.");
  if (pasted !== null && (flags.url ?? flags.method) !== undefined)
    return misunderstood("--curl already says URL and method: give it alone.");
  const url = flags.url === undefined ? (pasted?.url ?? null) : toUrl(flags.url);
  if (url === null && flags.url !== undefined) {
    return misunderstood(
      `--url wants the http or https URL that the customer calls, not ${brief(flags.url)}.`,
    );
  }
  const method = flags.method?.toUpperCase() ?? pasted?.method ?? null;
  if (method !== null && !methods.includes(method)) {
    return misunderstood(
      `--method wants one of ${listed(methods, "or")}, not ${brief(flags.method ?? "")}.`,
    );
  }
  const at = flags.at === undefined ? null : toMoment(flags.at);
  if (at === null && flags.at !== undefined) {
    return misunderstood(
      `--at wants a time such as 14:03, 2025-11-07T14:03Z or "20m ago", not ${brief(flags.at)}.`,
    );
  }
  const requestId = flags["request-id"] ?? null;
  if (requestId !== null && !/^[!-~]{1,200}$/u.test(requestId)) {
    return misunderstood(
      `--request-id wants at most 200 visible characters without spaces, not ${brief(requestId)}.`,
    );
  }
  const fix = flags.fix?.toLowerCase();
  if (fix !== undefined && !/^[0-9a-f]{7,40}$/u.test(fix)) {
    return misunderstood(
      `--fix wants a commit of 7 to 40 hexadecimal digits, not ${brief(flags.fix ?? "")}.`,
    );
  }
  const complaint = { symptom, url, method, at, requestId, ...(fix === undefined ? {} : { fix }) };
  if (pasted === null) return complaint;
  const { keyStart, headers, scheme, fields } = pasted;
  return { ...complaint, keyStart, sample: { headers, scheme, fields } };
}

const methods: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** As they gave it; a host without https:// gets it. */
function toUrl(text: string): string | null {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//iu.test(text) ? text : `https://${text}`;
  const url = URL.parse(whole);
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  return web && url.hostname.includes(".") && !/\s/u.test(whole) && whole.length <= 2_000
    ? whole
    : null;
}
