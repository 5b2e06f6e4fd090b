import type { ErrorCourse } from "./finding.ts";

/** One outage shows in several series, each a little later than what it follows from. */
const sameOutageMs = 30 * 60_000;

/**
 * The series whose step is the onset of a run: the strongest step, or one that came shortly before it, of
 * which it is then the consequence. Null where none stepped up.
 */
export function leadingCourse(courses: readonly ErrorCourse[]): ErrorCourse | null {
  const stepped = courses.flatMap((course) => {
    const { onset } = course;
    if (onset === null) return [];
    const { low, at, high, strength = 0 } = onset;
    return [{ course, strength, low: Date.parse(low), at: Date.parse(at), high: Date.parse(high) }];
  });
  const strongest = stepped.toSorted((a, b) => b.strength - a.strength)[0];
  if (strongest === undefined) return null;
  const earlier = stepped.filter(
    ({ high }) => high < strongest.low && strongest.low - high <= sameOutageMs,
  );
  return (earlier.toSorted((a, b) => a.at - b.at)[0] ?? strongest).course;
}
