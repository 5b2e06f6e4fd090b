import type { Fault } from "./fault.ts";

const wrong = "https://hokus.ai/api";
const right = "https://api.hokus.ai/api";

export const wrongHost: Fault = {
  id: "wrong-host",
  title: "The published page names the website's host, and the customer follows it",
  system: "documents",
  apply: (world) => {
    for (const page of world.website.pages) page.baseUrl = wrong;
    for (const customer of world.customers) customer.apiUrl = wrong;
  },
  heal: (world) => {
    for (const page of world.website.pages) page.baseUrl = right;
    for (const customer of world.customers) customer.apiUrl = right;
  },
  report: { symptom: "405", url: `${wrong}/v1/models/21/predict`, method: "POST", minutesAgo: 20 },
};
