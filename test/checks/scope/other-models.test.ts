import { describe, expect, it } from "vitest";
import { otherModels } from "#checks/scope/other-models.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { answered, balancer, failed, judge, notAllowed, outcomeOf } from "../observations.ts";

const siblings = (seen: HttpObservation) => [
  { model: "22", seen },
  { model: "23", seen: answered(403) },
];
const own = (seen: HttpObservation) => ({ seen, contract: null, waitedSeconds: 10 });

describe("scope/other-models", () => {
  it.each([
    ["others-work", answered(403)],
    ["others-work", answered(200)],
    ["others-fail-too", notAllowed],
    ["others-fail-too", balancer(503)],
    ["others-fail-too", failed("headers-timeout")],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(otherModels, { others: siblings(seen) }))).toBe(outcome);
  });

  it.each([
    ["others-fail-too", "our other hosts answer", { auth: answered(200) }],
    ["wider", "the auth service is down as well", { auth: failed("connection-refused") }],
    ["wider", "the auth service errs as well", { auth: answered(500) }],
    [
      "wider",
      "the registry's name fails as well",
      { registry: { model: "x", answer: failed("name-server-failure"), latest: null } },
    ],
    [
      "wider",
      "the website is down as well",
      { hosts: [{ ...failed("connect-timeout"), role: "website" }] },
    ],
    [
      "others-fail-too",
      "of the hosts only the API's own is down",
      { hosts: [{ ...failed("connect-timeout"), role: "api" }] },
    ],
  ])("%s: %s", (outcome, _name, more) => {
    const facts = { others: siblings(balancer(503)), ...more };
    expect(outcomeOf(judge(otherModels, facts))).toBe(outcome);
  });

  it.each([
    ["not run: not-applicable", "fails behind the key", answered(503)],
    ["not run: not-applicable", "is unknown behind the key", answered(404)],
    ["not run: not-applicable", "hangs", failed("headers-timeout")],
    ["others-work", "works", answered(200)],
    ["others-work", "is refused as well", answered(401)],
  ])("%s: the others refuse this key, and this model %s", (outcome, _name, seen) => {
    const facts = { others: siblings(answered(403)), own: own(seen) };
    expect(outcomeOf(judge(otherModels, facts))).toBe(outcome);
  });
});
