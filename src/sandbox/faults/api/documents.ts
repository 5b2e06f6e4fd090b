/** What customers are told, and what they make of it. */
import type { PublishedPage } from "../../world/state.ts";
import { predictUrl } from "../fault.ts";
import type { Fault, Report } from "../fault.ts";
import { undoable } from "../undo.ts";

const page = (
  id: string,
  title: string,
  change: Partial<PublishedPage>,
  report: Partial<Report>,
): Fault => ({
  id,
  title,
  system: "documents",
  ...undoable((world) => {
    const { pages } = world.website;
    world.website.pages = pages.map((one) => ({ ...one, ...change }));
    return () => void (world.website.pages = pages);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20, ...report },
});

export const documentFaults: readonly Fault[] = [
  page(
    "docs-mismatch",
    "The published page shows a path that the API does not serve",
    { path: "/v2/models/21/predictions" },
    { symptom: "404", url: "https://api.hokus.ai/api/v2/models/21/predictions" },
  ),
  page(
    "docs-method",
    "The published page says GET",
    { method: "GET" },
    { symptom: "405", method: "GET" },
  ),
  page(
    "docs-header",
    "The published page puts the key into a header that the API does not read",
    { header: "X-Auth-Token: hk_your_api_key" },
    { symptom: "401" },
  ),
  page(
    "docs-other-header",
    "The published page shows the other header that the API reads as well",
    { header: "X-API-Key: hk_your_api_key" },
    {},
  ),
  page(
    "docs-other-route",
    "The published page shows the URL of the deployed model, which answers without predictions",
    { path: "/v1/models/5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021/predict" },
    { url: "https://api.hokus.ai/api/v1/models/5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021/predict" },
  ),
  page(
    "docs-fields",
    "The published page shows a field that was renamed",
    { fields: { employees: 1000, industry: "Technology" } },
    {},
  ),
];
