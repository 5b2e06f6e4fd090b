import { expect, it } from "vitest";
import type { CheckShape } from "#core/diagnosis.ts";
import { allChecks } from "#checks/index.ts";
import { toCheckShape } from "#engine/run.ts";
import { vocabulary } from "./vocabulary.ts";

it("the vocabulary of the diagnosis tests is that of the registered checks", () => {
  const pick = ({ outcomes, history, noise }: CheckShape) => ({ outcomes, history, noise });
  const registered = Object.fromEntries(
    allChecks.map((check) => [check.id, pick(toCheckShape(check))]),
  );
  const written = Object.fromEntries(
    Object.entries(vocabulary).map(([id, shape]) => [id, pick(shape)]),
  );
  expect(written).toEqual(registered);
});
