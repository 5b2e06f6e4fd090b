import { describe, expect, it } from "vitest";
import { layers } from "#checks/auth/layers.ts";
import {
  answered,
  balancer,
  failed,
  judge,
  notAllowed,
  outcomeOf,
  refused,
} from "../observations.ts";

const unknown = answered(401, { detail: "Invalid API key" });
const late = failed("headers-timeout", { totalMs: 10_000 });

describe("auth/layers", () => {
  it.each([
    ["consistent", "all as it should be", refused, unknown, answered(200)],
    ["consistent", "the scoped key is unknown too", refused, unknown, unknown],
    ["consistent", "slow with a good key only: not the auth path", refused, unknown, late],
    ["consistent", "no scoped key", refused, unknown, undefined],
    ["key-path-stalls", "hung", refused, late, late],
    ["key-path-stalls", "refused by the auth service", refused, answered(503), answered(503)],
    ["key-path-stalls", "a remembered key still works", refused, late, answered(200)],
    ["layers-disagree", "an unknown key passes", refused, answered(200), answered(200)],
    [
      "layers-disagree",
      "the endpoint refuses in its own words",
      refused,
      unknown,
      answered(401, { error: "unauthorized", reason: "x" }),
    ],
    ["layers-disagree", "the endpoint does not see the key", refused, unknown, refused],
    ["not run: not-applicable", "everything is slow", { ...refused, totalMs: 3_000 }, late, late],
    ["not run: not-applicable", "no refusal", answered(404), late, late],
  ])("%s: %s", (outcome, _name, post, invalid, good) => {
    const prediction = good === undefined ? undefined : { seen: good };
    expect(outcomeOf(judge(layers, { edge: { post, get: post }, invalid, prediction }))).toBe(
      outcome,
    );
  });

  it.each([
    ["layers-disagree", "the router says 405 to the key, 401 without", refused, notAllowed],
    ["layers-disagree", "the description is read with the key", refused, answered(200)],
    ["layers-disagree", "the key is known, its scope is not", refused, answered(403)],
    ["consistent", "an expired key is refused everywhere", refused, unknown],
    ["consistent", "what is open to everybody proves nothing", answered(200), answered(200)],
    ["consistent", "a load balancer's 404 is no layer of ours", refused, balancer(404)],
    ["consistent", "an outage elsewhere", refused, answered(500)],
  ])("%s: %s", (outcome, _name, without, withKey) => {
    const facts = {
      edge: { post: refused, get: refused },
      invalid: unknown,
      prediction: { seen: unknown },
      elsewhere: [{ what: "the model's description", without, with: withKey }],
    };
    expect(outcomeOf(judge(layers, facts))).toBe(outcome);
  });

  it("needs a refusal of the prediction itself", () => {
    const elsewhere = [{ what: "x", without: refused, with: notAllowed }];
    const facts = { edge: { post: refused }, invalid: unknown, elsewhere };
    expect(outcomeOf(judge(layers, { ...facts, prediction: { seen: answered(200) } }))).toBe(
      "consistent",
    );
  });
});
