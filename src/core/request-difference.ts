/** How a request differs from the canonical one: the request that the catalogue says works. Pure. */
import type { HostRole } from "./ports/probe.ts";
import { bodyShape, otherKinds, shapeNames } from "./body-shape.ts";
import type { RequestSample } from "./request-sample.ts";
import { apiUrl, type Target } from "./target.ts";

export interface Difference {
  readonly part: "scheme" | "host" | "path" | "method" | "header" | "fields";
  readonly seen: string;
  readonly wanted: string;
}

const isPlaceholder = (segment: string): boolean =>
  /^[{<:[$]|^(?:your|my|model|deployed)[-_]|^(?:model_?id|id|uuid)$/iu.test(segment);

export function comparePath(seen: string, target: Target): boolean {
  const wanted = new URL(apiUrl(target, "predict")).pathname.split("/");
  const segments = seen.split("/");
  return (
    segments.length === wanted.length &&
    segments.every(
      (segment, index) =>
        segment === wanted[index] ||
        (decoded(wanted[index]) === target.id && isPlaceholder(decoded(segment))),
    )
  );
}

const decoded = (segment: string | undefined): string => {
  try {
    return decodeURIComponent(segment ?? "");
  } catch {
    return segment ?? "";
  }
};

/** In the order in which a reader should mend them: host first. */
export function differences(
  sample: Pick<RequestSample, "url" | "method"> & Partial<RequestSample>,
  target: Target,
): readonly Difference[] {
  const wanted = new URL(apiUrl(target, "predict"));
  const seen = new URL(sample.url);
  const list: Difference[] = [];
  if (seen.host !== wanted.host) list.push({ part: "host", seen: seen.host, wanted: wanted.host });
  else if (seen.protocol !== wanted.protocol)
    list.push({ part: "scheme", seen: seen.protocol, wanted: wanted.protocol });
  if (!comparePath(seen.pathname, target))
    list.push({ part: "path", seen: decoded(seen.pathname), wanted: wanted.pathname });
  if (sample.method !== "POST") list.push({ part: "method", seen: sample.method, wanted: "POST" });
  list.push(...headerDifferences(sample, target));
  if (sample.fields !== undefined && sample.fields !== null)
    list.push(...fieldDifferences({ shape: null, ...sample, fields: sample.fields }, target));
  return list;
}

/** Headers that carry keys, at this API or at another one. */
const keyHeader =
  /^(?:authorization|x-[a-z-]{0,30}(?:key|token|auth)|(?:api|access|auth)-?(?:key|token)|token)$/u;

/** How a request carries its key; null where it shows headers and none for a key, or no headers at all. */
export function keyPlace(
  { headers = [], scheme }: Partial<Pick<RequestSample, "headers" | "scheme">>,
  target: Target,
): { readonly header: string; readonly scheme: string } | null {
  const { key } = target.service.api;
  const wanted = key.header.toLowerCase();
  const header = headers.includes(wanted) ? wanted : headers.find((name) => keyHeader.test(name));
  if (header === undefined) return null;
  const own = header === wanted ? key.scheme : "";
  return { header, scheme: header === "authorization" ? (scheme ?? own) : own };
}

function headerDifferences(
  sample: Partial<Pick<RequestSample, "headers" | "scheme" | "contentType" | "fields">>,
  target: Target,
): readonly Difference[] {
  const { key } = target.service.api;
  const { headers = [], contentType = null } = sample;
  if (headers.length === 0) return [];
  const list: Difference[] = [];
  const wanted = key.header.toLowerCase();
  const place = keyPlace(sample, target);
  if (place === null || place.header !== wanted)
    list.push({ part: "header", seen: place?.header ?? "no key", wanted });
  else if (
    wanted === "authorization" &&
    key.scheme !== "" &&
    sample.scheme !== undefined &&
    place.scheme.toLowerCase() !== key.scheme.toLowerCase()
  )
    list.push({
      part: "header",
      seen: `${wanted}: ${place.scheme || "(no scheme)"} ...`,
      wanted: `${wanted}: ${key.scheme} ...`,
    });
  if (contentType !== null && !/\/(?:[\w.-]+\+)?json$/u.test(contentType))
    list.push({
      part: "header",
      seen: `content-type: ${contentType}`,
      wanted: "content-type: application/json",
    });
  return list;
}

function fieldDifferences(
  { fields, shape }: Pick<RequestSample, "shape"> & { readonly fields: readonly string[] },
  target: Target,
): readonly Difference[] {
  const wanted = bodyShape(target.prediction.body);
  const known = shapeNames(wanted);
  const parent = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(".")));
  const unknown = fields.filter((name) => !known.includes(name));
  const missing = known.filter(
    (name) => !fields.includes(name) && (parent(name) === "" || fields.includes(parent(name))),
  );
  const others = shape === null ? [] : otherKinds(shape, wanted);
  if (unknown.length + missing.length + others.length === 0) return [];
  const seen = [
    ...unknown.map((name) => `unknown ${name}`),
    ...missing.map((name) => `no ${name}`),
    ...others,
  ];
  return [
    {
      part: "fields",
      seen: seen.slice(0, 4).join(", ") + (seen.length > 4 ? `, and ${seen.length - 4} more` : ""),
      wanted: known.slice(0, 12).join(", "),
    },
  ];
}

/** What docs/page and client/request look at. */
export interface ComparedRequest {
  readonly url: string;
  readonly method: string;
  /** null: not in the catalogue. */
  readonly role: HostRole | null;
  readonly differences: readonly Difference[];
}
