/**
 * What a sandbox server can be told to do with the next calls instead of answering them.
 * A string is an error code of the service itself, answered as the service answers it.
 */
export type Failure =
  | string
  /** An HTTP status without a body of the service's own, e.g. a gateway's 503. */
  | { readonly http: number; readonly retryAfterSeconds?: number }
  /** The connection is cut before anything is done. */
  | { readonly reset: true }
  /** Answered, but this much later. */
  | { readonly delayMs: number };

export interface Failures {
  /** `name` is a method or operation, "*" is any; the next `times` calls (1) of it fail. */
  readonly fail: (name: string, failure: Failure, times?: number) => void;
  /** The next `times` calls (1) are carried out, and their answers are lost: the connection is cut. */
  readonly loseAnswer: (name: string, times?: number) => void;
  /** Takes back every failure that is still to come. */
  readonly heal: () => void;
}

interface Planned {
  readonly name: string;
  /** Null: the answer is lost after the work is done. */
  readonly failure: Failure | null;
  left: number;
}

export interface FailurePlan extends Failures {
  /** The failure for this call, counted as used; undefined when it is to succeed. */
  take(names: readonly string[]): Failure | undefined;
  takeLostAnswer(names: readonly string[]): boolean;
}

export function createFailurePlan(): FailurePlan {
  let planned: Planned[] = [];
  const use = (names: readonly string[], lost: boolean): Planned | undefined => {
    const next = planned.find(
      ({ name, failure }) => (name === "*" || names.includes(name)) && (failure === null) === lost,
    );
    if (next === undefined) return undefined;
    next.left -= 1;
    planned = planned.filter(({ left }) => left > 0);
    return next;
  };
  const add = (name: string, failure: Planned["failure"], left: number): void => {
    if (left > 0) planned.push({ name, failure, left });
  };
  return {
    fail: (name, failure, times = 1) => add(name, failure, times),
    loseAnswer: (name, times = 1) => add(name, null, times),
    heal: () => {
      planned = [];
    },
    take: (names) => use(names, false)?.failure ?? undefined,
    takeLostAnswer: (names) => use(names, true) !== undefined,
  };
}
