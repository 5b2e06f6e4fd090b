import type { SecretName, Secrets } from "#core/config.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The value of a variable; blank is unset, as in a .env file with `NAME=`. */
export const valueOf = (env: Env, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? undefined : value;
};

export interface SecretStore {
  /** Turns `{env: NAME}` into what may be shown, and remembers its value. */
  readonly name: (reference: { readonly env: string }) => SecretName;
  /** Remembers a value that has to be masked wherever it turns up. */
  readonly keep: (value: string | null | undefined) => void;
  readonly secrets: Secrets;
  readonly values: () => readonly string[];
}

/** Secrets that were named, and no other variable of the environment. */
export function createSecretStore(env: Env): SecretStore {
  const byName = new Map<string, string>();
  const values = new Set<string>();
  const keep = (value: string | null | undefined): void => {
    if (value === null || value === undefined || value === "") return;
    values.add(value);
    const password = URL.parse(value)?.password ?? "";
    if (password === "") return;
    values.add(password);
    values.add(decoded(password));
  };
  return {
    keep,
    name({ env: name }) {
      const value = valueOf(env, name);
      if (value !== undefined) byName.set(name, value);
      keep(value);
      return { env: name, configured: value !== undefined };
    },
    secrets: (name) => byName.get(name.env),
    values: () => [...values],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
