import { addRule } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleRedirects: Fault = {
  id: "rule-redirects",
  title: "A new rule redirects the API's host to the website",
  system: "ALB",
  ...undoable((world) =>
    addRule(world, "5d7c0a11be3f9002", {
      conditions: [{ field: "host-header", values: ["*.hokus.ai"] }],
      actions: [
        {
          type: "redirect",
          order: 1,
          protocol: "HTTPS",
          port: "443",
          host: "hokus.ai",
          path: "/#{path}",
          query: "#{query}",
          statusCode: "HTTP_301",
        },
      ],
    }),
  ),
  report: { symptom: "405", url: predictUrl, method: "POST", minutesAgo: 20 },
};
