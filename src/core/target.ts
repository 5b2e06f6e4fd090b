import type { BodyShape } from "./body-shape.ts";
import type { Model } from "./config.ts";
import type { SymptomWord } from "./plan.ts";

/** What a run looks at: one model with its service and environment, plain JSON, no secret values. */
export type Target = Model;

/** What the caller complained about. Kept apart from what a run observes. */
export interface Reported {
  readonly symptom: SymptomWord | null;
  /** The URL they called, as they gave it. */
  readonly url: string | null;
  readonly method: string;
  /** ISO 8601; when it happened to them. */
  readonly at: string | null;
  readonly requestId: string | null;
  /** The first few characters of their key, where they gave them; never a whole key. */
  readonly keyStart?: string | null;
  /** What else a pasted request tells: names only, never a value. */
  readonly sample?: {
    /** Lower case, sorted. */
    readonly headers: readonly string[];
    readonly scheme: string | null;
    /** Dotted names of the JSON body; null where none was shown. */
    readonly fields: readonly string[] | null;
    /** The same body with kinds in place of values; absent in older records. */
    readonly shape?: BodyShape | null;
    /** Media type of the body; null where it is not told, absent in older records. */
    readonly contentType?: string | null;
  } | null;
  /** Test predictions to time, as they asked for it; 1 to 20. */
  readonly samples?: number | null;
  /** Commit of a fix, as they gave it: is it what runs? */
  readonly fix?: string | null;
}

/** "https://api.hokus.ai/api" + "/v1/models/{id}/predict" for this model. */
export const apiUrl = (target: Target, path: keyof Target["service"]["api"]["paths"]): string =>
  target.service.api.url +
  target.service.api.paths[path].replaceAll("{id}", encodeURIComponent(target.id));
