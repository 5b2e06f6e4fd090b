import { listed, nearest } from "#core/nearest.ts";
import { bareUrl, keyStartOf, readPasted } from "#core/request-sample.ts";
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
  "key-prefix": {
    value: "<start>",
    means: "how the customer's key starts; four characters are kept, and never a whole key",
  },
  method: { value: "<method>", means: "the HTTP method that the customer uses (POST)" },
  at: {
    value: "<time>",
    means:
      'when it happened to them: 14:03, 2025-11-07T14:03Z or "20m ago"; UTC; the log is read around it',
    continues: momentContinues,
  },
  ticket: { value: "<ticket>", means: "the Linear ticket to keep current: HOK-123" },
  "request-id": { value: "<id>", means: "the X-Request-ID of the customer's request" },
  samples: {
    value: "<count>",
    means: "test predictions to time, 1 to 20, one a second; at most 3 where a fault was reported",
  },
  fix: { value: "<sha>", means: "commit of a fix: is it what the tasks run?" },
  inside: {
    means: "approve one look from inside the running container (ECS Exec), where it is switched on",
  },
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
  const samples = flags.samples === undefined ? null : Number(flags.samples);
  if (samples !== null && !(Number.isInteger(samples) && samples >= 1 && samples <= mostSamples))
    return misunderstood(
      `--samples wants a whole number from 1 to ${mostSamples}, not ${brief(flags.samples ?? "")}.`,
    );
  const keyStart =
    flags["key-prefix"] === undefined
      ? (pasted?.keyStart ?? null)
      : keyStartOf(flags["key-prefix"]);
  const complaint = {
    symptom,
    url,
    method,
    at,
    requestId,
    ...(fix === undefined ? {} : { fix }),
    ...(keyStart === null ? {} : { keyStart }),
    ...(samples === null ? {} : { samples }),
  };
  if (pasted === null) return complaint;
  const { headers, scheme, fields, shape, contentType } = pasted;
  return { ...complaint, sample: { headers, scheme, fields, shape, contentType } };
}

const mostSamples = 20;
const methods: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** Without user, password, query and fragment, which may hold keys; a host without https:// gets it. */
function toUrl(text: string): string | null {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//iu.test(text) ? text : `https://${text}`;
  const url = URL.parse(whole);
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  return web && url.hostname.includes(".") && !/\s/u.test(whole) && whole.length <= 2_000
    ? bareUrl(whole)
    : null;
}
