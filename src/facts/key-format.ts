import { defineFact } from "#core/fact.ts";

export interface KeyFormat {
  readonly prefix: string;
  readonly scoped: "configured" | "malformed" | "missing";
  /** Whether what the customer told of their key fits; null where they told nothing. */
  readonly customer: { readonly fits: boolean } | null;
}

/** Shapes of keys, never keys. */
export const keyFormat = defineFact({
  id: "key-format",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 500,
  rereadable: false,
  gather: async ({ ports, target, reported }): Promise<KeyFormat> => {
    const { prefix } = target.service.api.key;
    const start = reported?.keyStart ?? null;
    return {
      prefix,
      scoped: ports.probe.keyState(target.service),
      customer:
        start === null
          ? null
          : { fits: start.startsWith(prefix.slice(0, start.length)) && !/\s/u.test(start) },
    };
  },
});
