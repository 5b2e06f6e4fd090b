import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { edgeLayer, familyOf, isRecord, jsonOf, seenLine } from "#core/observation.ts";
import { invalidKeyPrediction } from "#facts/invalid-key-prediction.ts";
import { anotherAnswered } from "./another-answered.ts";

/** A key nobody issued cannot be cached: this asks the auth service each time. */
export const invalidKey = defineCheck({
  id: "prediction/invalid-key",
  question: "Is a key that nobody issued refused with 401 and a clear message?",
  needs: { seen: invalidKeyPrediction },
  outcomes: {
    "refused-401": ok("An unknown key is refused with 401 and a message that mentions the key."),
    "unclear-401": degraded(
      "An unknown key is refused with 401, but the message does not say why.",
      "Name the key or the authorization header in the message.",
    ),
    accepted: failing(
      "A key that nobody issued was accepted.",
      "Close it now: key validation is off or fails open.",
    ),
    "server-error": failing(
      "An unknown key leads to a server error: the API cannot check keys.",
      "See dependencies/auth, network/egress-auth and logs/auth.",
    ),
    timeout: failing(
      "An unknown key gets no answer in time: the API waits for what checks keys.",
      "See dependencies/auth, network/egress-auth and logs/auth.",
    ),
    "another-answered": anotherAnswered,
    other: degraded(
      "An unknown key is neither refused with 401 nor accepted.",
      "Read the evidence; edge/reach and prediction/without-key say which layer answers.",
    ),
  },
  noise: "probe",
  judge({ seen }) {
    const body = jsonOf(seen);
    const text = isRecord(body) ? JSON.stringify(body) : "";
    const evidence = [
      { label: "POST with an unknown key", seen: seenLine(seen), wanted: "401 JSON" },
      ...(seen.body === ""
        ? []
        : [{ label: "message", seen: seen.body.slice(0, 200), wanted: "names the key" }]),
    ];
    const family = familyOf(seen);
    const status = seen.status ?? 0;
    const summary = seenLine(seen);
    if (family === "timeout") return found("timeout", summary, evidence);
    if (family !== "answered") return found("other", summary, evidence);
    if (status === 401)
      return found(
        /key|token|credential|authori[sz]ation/iu.test(text) ? "refused-401" : "unclear-401",
        summary,
        evidence,
      );
    const isApp = edgeLayer(seen) === "app";
    if (status === 422 && isApp) return found("accepted", summary, evidence);
    if (status >= 200 && status < 300)
      return found(isApp ? "accepted" : "another-answered", summary, evidence);
    return found(status >= 500 ? "server-error" : "other", summary, evidence);
  },
});
