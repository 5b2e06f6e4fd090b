import type { Target } from "#core/target.ts";

export type RouteKind =
  /** This model's prediction. */
  | "prediction"
  /** Another path that the API serves. */
  | "service"
  /** The API's host, and a path that is none of its. */
  | "other";

export interface Route {
  readonly kind: RouteKind;
  /** "/api/v1/models/21/predict", "/health", "/api/*": what is no word of the API's own becomes a star. */
  readonly pattern: string;
}

/** A path may hold what a customer typed: only the API's own words, versions and the ids of models are kept. */
export function createRouter(target: Target): (path: string) => Route {
  const { api } = target.service;
  const base = new URL(api.url).pathname.replace(/\/+$/u, "");
  const fixed = [api.health, api.openapi].map((url) => new URL(url).pathname);
  const modelPaths = Object.values(api.paths).map((path) => base + path);
  const ownWords = new Set(
    [...modelPaths, ...fixed].flatMap((path) => path.split("/")).filter((word) => word !== ""),
  );
  const modelPath = new RegExp(
    `^(?:${modelPaths.map((path) => escape(path).replaceAll("\\{id\\}", "[^/]+")).join("|")})$`,
    "u",
  );
  const id = encodeURIComponent(target.id);
  const prediction = base + api.paths.predict.replaceAll("{id}", id);

  return (asked) => {
    const path = asked.length > 1 ? asked.replace(/\/+$/u, "") : asked;
    const segments = path.split("/").slice(1);
    const shown = segments.slice(0, mostSegments).map((word, i) => {
      const before = segments[i - 1] ?? "";
      const isId = /^models?$/u.test(before) && (word === id || modelId.test(word));
      return isId || word === "" || ownWords.has(word) || version.test(word) ? word : "*";
    });
    const kind =
      path === prediction
        ? "prediction"
        : modelPath.test(path) || fixed.includes(path)
          ? "service"
          : "other";
    return { kind, pattern: `/${shown.join("/")}${segments.length > mostSegments ? "/..." : ""}` };
  };
}

const mostSegments = 8;
const modelId = /^(?:\d{1,8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;
const version = /^v\d{1,2}$/u;
const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
