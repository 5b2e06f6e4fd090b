import { expect, it } from "vitest";
import { rereadRounds, Rereads } from "#engine/rereads.ts";

/** Reads what is wanted until nothing is, one letter a reading; `wanted` as long as the newest one says so. */
function readings(all: string, wanted: (newest: string, read: number) => boolean): string {
  const rereads = new Rereads();
  let read = 1;
  for (let round = 0; round < rereadRounds; round += 1) {
    const ids = rereads.next(wanted(all[read - 1] ?? "", read) ? ["one"] : []);
    if (!ids.has("one")) break;
    rereads.note("one", all[read] !== all[read - 1]);
    read += 1;
  }
  return all.slice(0, read);
}
const always = (): boolean => true;
const once = (_newest: string, read: number): boolean => read === 1;

it.each([
  ["what nobody asks for once", "TTTTTT", () => false, "T"],
  ["what is confirmed at once and not doubted twice", "TTTTTT", once, "TT"],
  ["what is doubted still after two readings that agree", "TTTTTT", always, "TTT"],
  ["what two readings disagree on", "TFFFFF", once, "TFF"],
  ["what two readings disagree on and is doubted still", "TFFFFF", always, "TFFF"],
  ["a third reading that disagrees with two", "TTFTTT", always, "TTFTT"],
  ["until two in a row agree", "TFTTTT", once, "TFTT"],
  ["what comes and goes, and not for ever", "TFTFTF", always, "TFTFT"],
] as const)("reads %s: %s as %s", (_name, all, wanted, expected) => {
  expect(readings(all, wanted)).toBe(expected);
});

it("has room for sixteen different things in all rounds, and goes on with those", () => {
  const wanted = Array.from({ length: 20 }, (_, index) => `fact ${index}`);
  const rereads = new Rereads();
  const first = [...rereads.next(wanted)];
  expect(first).toEqual(wanted.slice(0, 16));
  for (const id of first) rereads.note(id, false);
  expect([...rereads.next(wanted)]).toEqual(first);
});

it("knows after an interruption what was read twice", () => {
  const rereads = new Rereads(["one"]);
  expect([...rereads.next(["one"])]).toEqual(["one"]);
  rereads.note("one", false);
  expect([...rereads.next(["one"])]).toEqual([]);
});
