/** How many test predictions a day has seen, over all runs and restarts: they touch production. */
export interface PredictionCount {
  /** Takes one of the day's, "2026-11-21" in UTC; false where `most` are taken already. */
  take(day: string, most: number): Promise<boolean>;
}

/** Lives as long as its process. */
export function createMemoryPredictionCount(): PredictionCount {
  let today = "";
  let count = 0;
  return {
    async take(day, most) {
      if (day !== today) [today, count] = [day, 0];
      if (count >= most) return false;
      count += 1;
      return true;
    },
  };
}
