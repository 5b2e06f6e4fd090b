import { defineFact } from "#core/fact.ts";

export interface KeyFormat {
  readonly prefix: string;
  /** Whether what the customer told of their key fits; null where they told nothing. */
  readonly customer: { readonly fits: boolean } | null;
}

/** How the customer's key starts, held against the prefix of this API's keys; never a key. */
export const keyFormat = defineFact({
  id: "key-format",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 500,
  rereadable: false,
  gather: async ({ target, reported }): Promise<KeyFormat> => {
    const { prefix } = target.service.api.key;
    const start = reported?.keyStart ?? null;
    return {
      prefix,
      customer:
        start === null
          ? null
          : { fits: start.startsWith(prefix.slice(0, start.length)) && !/\s/u.test(start) },
    };
  },
});
