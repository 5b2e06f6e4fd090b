import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import {
  allowedMethods,
  edgeLayer,
  familyOf,
  methodNotAllowedBy,
  seenLine,
} from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { edgeReach } from "#facts/edge-reach.ts";
import { anotherAnswered } from "./another-answered.ts";

/** With auth as middleware this is answered before routes, model and auth service are touched. */
export const withoutKey = defineCheck({
  id: "prediction/without-key",
  question: "Is a prediction without a key refused, at once and with 401?",
  needs: { edge: edgeReach },
  outcomes: {
    "refused-401": ok("A request without a key is refused with 401."),
    "unhelpful-401": degraded(
      "A request without a key is refused with 401, but the message does not say what is missing.",
      "Say in the message that a key is wanted, and in which header it goes.",
    ),
    "refused-403": degraded(
      "A request without a key is refused with 403 instead of 401: clients read that as a missing permission.",
      "Answer 401 with a message that names the header (older FastAPI releases say 403).",
    ),
    "answered-without-key": failing(
      "A prediction was answered without any key.",
      "Close it now: the auth layer is off or does not cover this path.",
    ),
    "another-answered": anotherAnswered,
    "method-not-allowed": failing(
      "POST is not allowed on the prediction URL.",
      "JSON with an Allow header: the application lacks the POST route (routes/predict). HTML: another server answered.",
    ),
    "not-found": failing(
      "The prediction URL is unknown to what answers.",
      "See routes/predict and load-balancer/routing.",
    ),
    "server-error": failing(
      "Even a request without a key ends in a server error.",
      "Read edge/reach: it says which layer made the error.",
    ),
    throttled: degraded(
      "This caller is over a limit before it is even identified.",
      "Look at the limit by address at the edge; wait and check again.",
    ),
    timeout: failing(
      "Even a request without a key gets no answer in time.",
      "See edge/reach and load-balancer/targets: the application does not answer at all.",
    ),
    "no-connection": failing("No connection to the API could be made.", "See edge/reach."),
  },
  noise: "probe",
  judge({ edge: { post } }) {
    const by = methodNotAllowedBy(post);
    const evidence = [
      { label: "POST without a key", seen: seenLine(post), wanted: "401 JSON" },
      ...(by === null
        ? []
        : [
            {
              label: "who says 405",
              seen: `${by}, Allow: ${allowedMethods(post)?.join(", ") ?? "absent"}`,
            },
          ]),
      ...(post.status === 401
        ? [{ label: "message", seen: post.body.slice(0, 200), wanted: "says how to send a key" }]
        : []),
    ];
    return found(outcomeFor(post), seenLine(post), evidence);
  },
});

/** It names the key, the token or the header; that a request is not authorised the status says already. */
const isHelpful = (body = ""): boolean =>
  /\bkey\b|api[-_]?key|token|credential|authori[sz]ation|bearer/iu.test(body);

function outcomeFor(post: HttpObservation) {
  const family = familyOf(post);
  if (family === "timeout") return "timeout";
  if (family !== "answered") return "no-connection";
  const status = post.status ?? 0;
  if (status === 401) return isHelpful(post.body) ? "refused-401" : "unhelpful-401";
  if (status === 403) return "refused-403";
  if (status === 405) return "method-not-allowed";
  if (status === 429) return "throttled";
  if (status >= 500) return "server-error";
  // 422 means that the body was read: nobody asked for a key.
  if ((status >= 200 && status < 300) || status === 422 || status === 400)
    return edgeLayer(post) === "app" ? "answered-without-key" : "another-answered";
  return "not-found";
}
