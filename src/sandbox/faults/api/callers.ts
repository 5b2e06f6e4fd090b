/** Callers whose own settings or code are not what the API takes. The API works; the report is their command. */
import { keys } from "../../world/initial/outside.ts";
import type { Customer } from "../../world/state.ts";
import { predictUrl } from "../fault.ts";
import type { Fault, Report } from "../fault.ts";
import { undoable } from "../undo.ts";

const json = `-H 'Content-Type: application/json'`;
const key = `-H 'Authorization: Bearer ${keys.customer}'`;
const inputs = {
  company_size: 250,
  industry: "Retail",
  engagement_score: 41.5,
  website_visits: 3,
  email_opens: 0,
  content_downloads: 1,
  demo_requested: false,
  budget_confirmed: false,
  decision_timeline: "Q3 2025",
  title: "Head of Sales",
};
const body = `-d '${JSON.stringify({ inputs })}'`;

const caller = (
  id: string,
  title: string,
  change: Partial<Customer>,
  report: Partial<Report>,
): Fault => ({
  id,
  title,
  system: "callers",
  ...undoable((world) => {
    const { customers } = world;
    world.customers = customers.map((one) => ({ ...one, ...change }));
    return () => void (world.customers = customers);
  }),
  report: { symptom: "other", minutesAgo: 20, ...report },
});

/** A customer whose settings name another base URL. */
const elsewhere = (
  id: string,
  title: string,
  apiUrl: string,
  symptom: Report["symptom"],
): Fault => {
  const url = `${apiUrl}/v1/models/21/predict`;
  return caller(id, title, { apiUrl }, { symptom, url, method: "POST" });
};

export const callerFaults: readonly Fault[] = [
  elsewhere(
    "customer-auth-host",
    "The customer's base URL names the auth service",
    "https://auth.hokus.ai/api",
    "404",
  ),
  elsewhere(
    "customer-strange-host",
    "The customer's base URL names a host that is not ours",
    "https://api.hokusai.example/api",
    "connection",
  ),
  elsewhere(
    "customer-path",
    "The customer's base URL lacks its last part",
    "https://api.hokus.ai",
    "404",
  ),
  caller(
    "customer-method",
    "The customer's client sends GET",
    { request: { method: "GET", headers: { authorization: `Bearer ${keys.customer}` } } },
    { symptom: "405", curl: `curl ${predictUrl} ${key}` },
  ),
  caller(
    "customer-header",
    "The customer's client puts the key into a header that the API does not read",
    {
      request: { headers: { "x-auth-token": keys.customer, "content-type": "application/json" } },
    },
    {
      symptom: "401",
      curl: `curl -X POST ${predictUrl} -H 'X-Auth-Token: ${keys.customer}' ${json} ${body}`,
    },
  ),
  caller(
    "customer-other-header",
    "The customer's client uses the other header that the API reads as well",
    { request: { headers: { "x-api-key": keys.customer, "content-type": "application/json" } } },
    { curl: `curl -X POST ${predictUrl} -H 'X-API-Key: ${keys.customer}' ${json} ${body}` },
  ),
  caller(
    "customer-fields",
    "The customer's client sends a number as text and another field's old name",
    { request: { inputs: { ...inputs, company_size: "250", job_title: inputs.title } } },
    {
      curl: `curl -X POST ${predictUrl} ${key} ${json} -d '${JSON.stringify({ inputs: { ...inputs, company_size: "250", title: undefined, job_title: inputs.title } })}'`,
    },
  ),
  caller(
    "customer-form",
    "The customer's client does not say that its body is JSON",
    {
      request: {
        headers: {
          authorization: `Bearer ${keys.customer}`,
          "content-type": "application/x-www-form-urlencoded",
        },
      },
    },
    { curl: `curl -X POST ${predictUrl} ${key} ${body}` },
  ),
  caller(
    "customer-key-foreign",
    "The customer's client holds another product's key",
    { apiKey: "sk_live_4242424242424242" },
    {
      symptom: "401",
      curl: `curl -X POST ${predictUrl} -H 'Authorization: Bearer sk_live_4242424242424242' ${json} ${body}`,
    },
  ),
];
