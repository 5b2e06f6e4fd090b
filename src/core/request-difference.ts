/** How a request differs from the canonical one: the request that the catalogue says works. Pure. */
import type { HostRole } from "./ports/probe.ts";
import { fieldNames, type RequestSample } from "./request-sample.ts";
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
  const { api } = target.service;
  const wanted = new URL(apiUrl(target, "predict"));
  const seen = new URL(sample.url);
  const list: Difference[] = [];
  if (seen.host !== wanted.host) list.push({ part: "host", seen: seen.host, wanted: wanted.host });
  else if (seen.protocol !== wanted.protocol)
    list.push({ part: "scheme", seen: seen.protocol, wanted: wanted.protocol });
  if (!comparePath(seen.pathname, target))
    list.push({ part: "path", seen: decoded(seen.pathname), wanted: wanted.pathname });
  if (sample.method !== "POST") list.push({ part: "method", seen: sample.method, wanted: "POST" });
  const names = sample.headers;
  if (names !== undefined && names.length > 0) {
    const header = api.key.header.toLowerCase();
    const other = names.find(
      (name) =>
        name !== header && /^(?:authorization|x-api-key|api-key|apikey|x-auth-token)$/u.test(name),
    );
    if (!names.includes(header) && other !== undefined)
      list.push({ part: "header", seen: other, wanted: header });
    else if (!names.includes(header)) list.push({ part: "header", seen: "no key", wanted: header });
    else if (
      names.includes("authorization") &&
      header === "authorization" &&
      api.key.scheme !== "" &&
      sample.scheme !== undefined &&
      sample.scheme?.toLowerCase() !== api.key.scheme.toLowerCase()
    )
      list.push({
        part: "header",
        seen: `${header}: ${sample.scheme || "(no scheme)"} ...`,
        wanted: `${header}: ${api.key.scheme} ...`,
      });
  }
  if (sample.fields !== undefined && sample.fields !== null) {
    const known = fieldNames(target.prediction.body);
    const top = known.filter((name) => !name.includes("."));
    const unknown = sample.fields.filter((name) => !known.includes(name));
    const missing = top.filter((name) => !sample.fields?.includes(name));
    if (unknown.length > 0 || missing.length > 0) {
      list.push({
        part: "fields",
        seen: [...unknown.map((name) => `unknown ${name}`), ...missing.map((name) => `no ${name}`)]
          .slice(0, 6)
          .join(", "),
        wanted: known.slice(0, 12).join(", "),
      });
    }
  }
  return list;
}

/** What docs/page and client/request look at. */
export interface ComparedRequest {
  readonly url: string;
  readonly method: string;
  /** null: not in the catalogue. */
  readonly role: HostRole | null;
  readonly differences: readonly Difference[];
}
