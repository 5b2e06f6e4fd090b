import { describe, expect, it } from "vitest";
import { stepChange } from "#core/step-change.ts";

/** A small seeded generator: the rows have to be the same in every run. */
const random = (seed: number) => (): number => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
};
const poisson = (mean: number, next: () => number): number => {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > least; product *= next()) count += 1;
  return count;
};
const series = (seed: number, ...parts: readonly [minutes: number, rate: number][]): number[] => {
  const next = random(seed);
  return parts.flatMap(([minutes, rate]) =>
    Array.from({ length: minutes }, () => poisson(rate, next)),
  );
};

describe("stepChange", () => {
  it.each([
    ["none, then 14 a minute", 331, series(1, [331, 0], [29, 14])],
    ["few, then many", 300, series(2, [300, 0.5], [60, 6])],
    ["the last ten minutes", 350, series(3, [350, 0.1], [10, 4])],
  ])("finds %s", (_name, at, counts) => {
    const step = stepChange(counts);
    expect(step).not.toBeNull();
    expect(Math.abs((step?.at ?? 0) - at)).toBeLessThanOrEqual(2);
    expect(step?.low).toBeLessThanOrEqual(at);
    expect(step?.high).toBeGreaterThanOrEqual(at);
  });

  it.each([
    ["no complaints", Array.from({ length: 360 }, () => 0)],
    [
      "one burst of one minute",
      [...Array.from({ length: 200 }, () => 0), 9, ...Array.from({ length: 159 }, () => 0)],
    ],
    ["a step down", series(4, [300, 6], [60, 0.5])],
    ["too short", [0, 9, 9]],
  ])("says nothing of %s", (_name, counts) => {
    expect(stepChange(counts)).toBeNull();
  });

  it("raises at most one false alarm in a hundred steady runs, over-dispersed ones too", () => {
    const alarms = Array.from({ length: 400 }, (_, seed) => {
      const next = random(seed + 10);
      return series(seed + 10, [360, 2]).map((count) => count * (next() < 0.1 ? 5 : 1));
    }).filter((counts) => stepChange(counts) !== null);
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it("says where it began although nobody called in between: from the last good request on", () => {
    const requests = [
      ...Array.from({ length: 200 }, () => 2),
      ...Array.from({ length: 100 }, () => 0),
    ];
    const errors = requests.map(() => 0);
    expect(stepChange([...errors, 6, 6, 6, 6], [[...requests, 6, 6, 6, 6]])).toMatchObject({
      at: 300,
      low: 200,
      high: 300,
    });
  });
});

/** A minute's errors, of so many requests of which a share fails. */
const failing = (requests: number, share: number, next: () => number): number => {
  let count = 0;
  for (let i = 0; i < requests; i += 1) count += next() < share ? 1 : 0;
  return count;
};

interface Course {
  readonly requests: readonly number[];
  readonly errors: readonly number[];
}
const minutes = 360;
const course = (
  seed: number,
  requestsAt: (minute: number) => number,
  shareAt: (minute: number, next: () => number) => number,
): Course => {
  const next = random(seed * 7_919 + 13);
  const requests = Array.from({ length: minutes }, (_, i) => poisson(requestsAt(i), next));
  return { requests, errors: requests.map((one, i) => failing(one, shareAt(i, next), next)) };
};
const perMinute = Array.from({ length: minutes }, () => 1);
const inBursts = (_: number, next: () => number): number => (next() < 0.1 ? 0.25 : 0.05);
const lasting = (): ((minute: number, next: () => number) => number) => {
  let left = 0;
  return (_, next) => {
    left = left > 0 ? left - 1 : next() < 0.01 ? 3 : 0;
    return left > 0 ? 0.5 : 0.01;
  };
};
const doubled = (minute: number): number => (minute < 200 ? 10 : 20);

describe("stepChange with requests as exposure", () => {
  it.each([
    ["flat and over-dispersed", (seed: number) => course(seed, () => 15, inBursts)],
    ["bursts of three minutes", (seed: number) => course(seed, () => 2, lasting())],
    [
      "sparse: two requests a minute",
      (seed: number) =>
        course(
          seed,
          () => 2,
          () => 0.02,
        ),
    ],
    [
      "sparse: an error in a thousand",
      (seed: number) =>
        course(
          seed,
          () => 10,
          () => 1e-3,
        ),
    ],
    [
      "hardly any traffic",
      (seed: number) =>
        course(
          seed,
          () => 0.3,
          () => 0.1,
        ),
    ],
    ["twice the traffic", (seed: number) => course(seed, doubled, () => 0.05)],
    ["twice the traffic, over-dispersed", (seed: number) => course(seed, doubled, inBursts)],
    ["every request fails, by day and by night", (seed: number) => course(seed, doubled, () => 1)],
  ])("raises at most one false alarm in a hundred: %s", (_name, make) => {
    const alarms = Array.from({ length: 400 }, (_, seed) => make(seed)).filter(
      ({ errors, requests }) => stepChange(errors, [requests]) !== null,
    );
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ["lines per request, twice the traffic", (seed: number) => course(seed, doubled, () => 0.05)],
    [
      "lines that no request makes, in a quiet night",
      (seed: number) => {
        const { requests } = course(
          seed,
          (minute) => (minute < 200 ? 18 : 6),
          () => 0,
        );
        return { requests, errors: series(seed + 10, [minutes, 2]) };
      },
    ],
  ])("holds a log's errors against both, minutes and requests: %s", (_name, make) => {
    const runs = Array.from({ length: 400 }, (_, seed) => make(seed));
    const alarms = (exposures: (one: Course) => readonly (readonly number[])[]): number =>
      runs.filter((one) => stepChange(one.errors, exposures(one)) !== null).length;
    expect(alarms(({ requests }) => [perMinute, requests])).toBeLessThanOrEqual(4);
    // One of the two alone would be an alarm in most of these runs.
    const alone = [alarms(() => [perMinute]), alarms(({ requests }) => [requests])];
    expect(Math.max(...alone)).toBeGreaterThan(200);
  });

  const outage = (minute: number): number => (minute < 342 ? 0 : 1);
  it.each([
    ["an outage of eighteen minutes at two requests a minute", 342, () => 2, outage],
    ["from 1% to 5%", 330, () => 50, (minute: number) => (minute < 330 ? 0.01 : 0.05)],
    [
      "everybody tries ten times as often",
      330,
      (minute: number) => (minute < 330 ? 6 : 60),
      (minute: number) => (minute < 330 ? 0.01 : 0.9),
    ],
    [
      "nearly everybody gives up",
      330,
      (minute: number) => (minute < 330 ? 50 : 3),
      (minute: number) => (minute < 330 ? 0.02 : 1),
    ],
    [
      "a step after the traffic had doubled",
      300,
      doubled,
      (minute: number) => (minute < 300 ? 0.03 : 0.2),
    ],
    [
      "an outage that is over",
      280,
      () => 20,
      (minute: number) => (minute < 280 || minute >= 300 ? 0.005 : 1),
    ],
  ])("finds %s", (_name, at, requestsAt, shareAt) => {
    const steps = Array.from({ length: 100 }, (_, seed) => {
      const { errors, requests } = course(seed, requestsAt, shareAt);
      return stepChange(errors, [requests]);
    }).flatMap((step) => step ?? []);
    expect(steps.length).toBe(100);
    const held = steps.filter(({ low, high }) => low - 1 <= at && at <= high + 1);
    expect(held.length).toBeGreaterThanOrEqual(88);
  });

  it("finds lines of tasks that die while no request arrives any more", () => {
    const errors = perMinute.map((_, i) => (i >= 330 && i % 3 === 0 ? 14 : 0));
    const requests = perMinute.map((_, i) => (i < 330 ? 2 : 0.1));
    expect(stepChange(errors, [perMinute, requests])?.at).toBe(330);
  });
});
