/** An hour's allowance for one key: an API key's figures are the default. */
export interface Allowance {
  readonly requests: number;
  readonly complexity: number;
}

export const API_KEY_ALLOWANCE: Allowance = { requests: 2_500, complexity: 3_000_000 };

export interface RateLimit {
  /** False when the hour's allowance is used up. */
  spend(complexity: number): boolean;
  headers(complexity: number): Record<string, string>;
  /** Uses everything up until the hour is over, or `seconds` have passed. */
  exhaust(seconds?: number): void;
}

const HOUR_MS = 3_600_000;

export function createRateLimit(allowance: Allowance, now: () => number): RateLimit {
  let resetAt = now() + HOUR_MS;
  let left = { ...allowance };
  const roll = (): void => {
    if (now() < resetAt) return;
    resetAt = now() + HOUR_MS;
    left = { ...allowance };
  };
  return {
    spend(complexity) {
      roll();
      if (left.requests < 1 || left.complexity < complexity) return false;
      left = { requests: left.requests - 1, complexity: left.complexity - complexity };
      return true;
    },
    headers: (complexity) => ({
      "x-complexity": String(complexity),
      "x-ratelimit-requests-limit": String(allowance.requests),
      "x-ratelimit-requests-remaining": String(left.requests),
      "x-ratelimit-requests-reset": String(resetAt),
      "x-ratelimit-complexity-limit": String(allowance.complexity),
      "x-ratelimit-complexity-remaining": String(left.complexity),
      "x-ratelimit-complexity-reset": String(resetAt),
    }),
    exhaust(seconds) {
      left = { requests: 0, complexity: 0 };
      if (seconds !== undefined) resetAt = now() + seconds * 1_000;
    },
  };
}
