import type { LogLine } from "#core/ports/aws.ts";
import { isoTime } from "#core/clock.ts";
import { startLineOf, type ListensAt } from "./announcement.ts";

/** What the lines of one start told. Times are ISO 8601. */
export interface Told {
  /** Each place once, in the order in which they were last told, at most five. */
  readonly listens: readonly (ListensAt & { readonly at: string })[];
  /** It said that it listens on a unix socket. */
  readonly socket: boolean;
  /** It said that its start ended; null where it did not. */
  readonly startedAt: string | null;
}

const mostPlaces = 5;

export function toldBy(lines: readonly LogLine[]): Told {
  const places = new Map<string, Told["listens"][number]>();
  let socket = false;
  let startedAt: string | null = null;
  for (const line of lines.toSorted((a, b) => a.at - b.at)) {
    const said = startLineOf(line.text);
    if (said?.says === "socket") socket = true;
    if (said?.says === "started") startedAt = isoTime(line.at);
    for (const place of said?.says === "listens" ? said.at : []) {
      const key = `${place.address ?? ""}:${place.port}`;
      places.delete(key);
      places.set(key, { ...place, at: isoTime(line.at) });
    }
  }
  return { listens: [...places.values()].slice(-mostPlaces), socket, startedAt };
}
