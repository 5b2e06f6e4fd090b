import { expect, it } from "vitest";
import { allChecks } from "#checks/index.ts";
import { vocabulary } from "./vocabulary.ts";

it("the vocabulary of the diagnosis tests is that of the registered checks", () => {
  const registered = Object.fromEntries(
    allChecks.map((check) => [
      check.id,
      { outcomes: Object.keys(check.outcomes), noise: check.noise },
    ]),
  );
  const written = Object.fromEntries(
    Object.entries(vocabulary).map(([id, { outcomes, noise }]) => [id, { outcomes, noise }]),
  );
  expect(written).toEqual(registered);
});
