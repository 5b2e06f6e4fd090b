import type { Change } from "#core/finding.ts";

const minuteMs = 60_000;

/** "api:43 was deployed (image: api:1 -> api:2) by deploy-bot". */
export const whatWords = ({ what, difference, by }: Change): string =>
  `${what}${difference === null ? "" : ` (${difference})`}${by === null ? "" : ` by ${by}`}`;

export const doubt = (change: Change): string =>
  change.linked ? "" : ", which may be chance: much is changed here";

/** "4 min before errors began"; `began` in milliseconds since the epoch. */
export const distance = (change: Pick<Change, "at">, began: number): string => {
  const minutes = Math.round((began - Date.parse(change.at)) / minuteMs);
  if (Math.abs(minutes) <= 1) return "when errors began";
  return minutes > 0 ? `${minutes} min before errors began` : `${-minutes} min after errors began`;
};
