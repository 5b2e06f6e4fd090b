import { describe, expect, it } from "vitest";
import { listed, nearest } from "#core/nearest.ts";

describe("nearest", () => {
  it.each([
    ["chekc", ["check", "status"], "check"],
    ["STATSU", ["check", "status"], "status"],
    ["accuont", ["account", "region"], "account"],
    ["hlep", ["check", "help"], "help"],
    ["dance", ["check", "status", "help"], null],
    ["x", ["y"], null],
    ["", ["check"], null],
    ["check", [], null],
  ])("%j among %j is %j", (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant);
  });

  it("takes the closest, and the first of equals", () => {
    expect(nearest("port-mismatch", ["port-mismatches", "port-mismatch-2", "port-mismatch"])).toBe(
      "port-mismatch",
    );
    expect(nearest("aab", ["aaa", "aac"])).toBe("aaa");
  });
});

describe("listed", () => {
  it.each([
    [[], "none"],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("%j", (words, text) => {
    expect(listed(words)).toBe(text);
  });
});
