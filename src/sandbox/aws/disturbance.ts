import type { ControlPlane } from "../world/state.ts";
import type { WireAnswer } from "./answer.ts";

/** What the state says shall happen to a call instead of, or before, its answer. */
export interface Disturbance {
  readonly delayMs: number;
  readonly kind: "none" | "hang" | "html" | "gateway-error" | "throttle" | "deny";
}

/** The disturbance of one call of `action`; counts down `throttledTimes`. */
export const nextDisturbance = (plane: ControlPlane, action: string): Disturbance => ({
  delayMs: plane.delays.get(action) ?? plane.delays.get("*") ?? 0,
  kind: kindOf(plane, action),
});

const kindOf = (plane: ControlPlane, action: string): Disturbance["kind"] => {
  if (includes(plane.hangingActions, action)) return "hang";
  if (includes(plane.brokenActions, action)) return "html";
  if (includes(plane.gatewayErrorActions, action)) return "gateway-error";
  if (includes(plane.throttledActions, action)) return "throttle";
  const left = plane.throttledTimes?.get(action) ?? 0;
  if (left > 0) {
    plane.throttledTimes?.set(action, left - 1);
    return "throttle";
  }
  return includes(plane.deniedActions, action) ? "deny" : "none";
};

/** An entry is an action, all of an API ("ecs:*"), or everything ("*"). */
const includes = (entries: ReadonlySet<string> | undefined, action: string): boolean =>
  entries !== undefined &&
  (entries.has(action) || entries.has(`${action.split(":")[0]}:*`) || entries.has("*"));

const page = (title: string, last: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head>` +
  `<body><h1>${title}</h1>${last}</body></html>\n`;

/** What a proxy on the way to AWS says instead: 200 with a page of its own, or 502. */
export const htmlAnswer = (status: 200 | 502, form: ControlPlane["brokenPage"]): WireAnswer => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: page(
    status === 200 ? "Sign in to continue" : "502 Bad Gateway",
    form === "well-formed" ? "<hr/>" : "<hr>",
  ),
});
