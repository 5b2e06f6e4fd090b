import { OTHER } from "#core/diagnosis.ts";
import type { Investigation } from "#core/investigation.ts";
import { listed } from "#core/nearest.ts";
import {
  earlierDays,
  type EarlierIncident,
  type EarlierIncidents,
  type NamedCause,
} from "#core/ports/earlier.ts";
import { causeName } from "./feedback.ts";
import { findingOf } from "./impact.ts";
import { age, clip, dateTime, hypothesisName, oneLine } from "./phrases.ts";

/** What the line says, and where more of it is to be read. */
export interface SeenBefore {
  /** One line without its title and without a full stop. */
  readonly text: string;
  /** What people wrote then; null where they wrote nothing, or did for others. */
  readonly note: string | null;
  /** Of the incident that the line ends with: its ticket and its thread. */
  readonly links: readonly SeenLink[];
}

export interface SeenLink {
  readonly label: string;
  /** Null where the record has no address of it. */
  readonly url: string | null;
}

export const earlierOf = (run: Investigation): EarlierIncidents | null =>
  findingOf(run, "history/earlier-incidents")?.incidents ?? null;

const dateLimit = 3;
const noteLimit = 200;

/**
 * That it happened before, and whether for the same cause as now. Null where nothing did, before the first
 * verdict, and where nothing is wrong now: it is no news then. Ours alone: customers are not told.
 */
export function seenBefore(run: Investigation): SeenBefore | null {
  const earlier = earlierOf(run);
  const { diagnosis } = run;
  if (earlier === null || diagnosis === null || diagnosis.verdict === "healthy") return null;
  const all = [...earlier.own.newest, ...earlier.service.newest];
  const last = all[0];
  if (last === undefined) return null;

  const leading = diagnosis.verdict === "fault" ? diagnosis.leading : [];
  const shared = (incident: EarlierIncident): readonly string[] =>
    truthOf(incident)
      .map(({ id }) => id)
      .filter((id) => id !== OTHER && leading.includes(id));
  const own = earlier.own.newest.filter((one) => shared(one).length > 0);
  const same =
    own.length > 0 ? own : earlier.service.newest.filter((one) => shared(one).length > 0);
  const [newest] = same;
  if (newest === undefined) return { text: countedWords(run, earlier, last), ...moreOf(last) };

  const causes = shared(newest);
  const what = `the same cause, ${listed(causes.map(hypothesisName))}, as on ${dates(same, run.startedAt)}`;
  const whose = own.length > 0 ? "" : ` with model ${newest.model}`;
  return {
    text: oneLine(`${what}${whose} (${sourceOf(newest)}); ${endOf(newest)}`),
    ...moreOf(newest),
  };
}

/** What people said counts for more than what the verdict named. */
const truthOf = ({ said, named }: EarlierIncident): readonly NamedCause[] => said ?? named;

const sourceOf = ({ said }: EarlierIncident): string =>
  said === null ? "by the verdict of then" : "people said so";

/** Newest first: "2026-11-10, 2026-10-02 and 2026-09-30"; today's with their time, the oldest are counted. */
function dates(incidents: readonly EarlierIncident[], now: string): string {
  const dayOf = (at: string): string => at.slice(0, 10);
  const days = [
    ...new Set(
      incidents.map(({ beganAt }) =>
        dayOf(beganAt) === dayOf(now) ? dateTime(beganAt) : dayOf(beganAt),
      ),
    ),
  ];
  const left = days.length - dateLimit;
  return listed([...days.slice(0, dateLimit), ...(left > 0 ? [`${left} earlier`] : [])]);
}

function endOf({ beganAt, ended }: EarlierIncident): string {
  const after = age(Date.parse(ended.at) - Date.parse(beganAt));
  return {
    works: `worked again after ${after}`,
    closed: `closed after ${after}`,
    quiet: `last looked at after ${after}`,
  }[ended.how];
}

/** "3 times in 90 days, the last 12 days ago: redis down (people said so), closed after 41 minutes". */
function countedWords(
  run: Investigation,
  { own, service }: EarlierIncidents,
  last: EarlierIncident,
): string {
  const causes = truthOf(last).map(({ id }) =>
    last.said === null ? hypothesisName(id) : causeName(id),
  );
  const what = causes.length === 0 ? "a fault" : listed(causes);
  const isOther = run.diagnosis?.verdict === "fault" && causes.length > 0;
  const count = own.count > 0 ? own.count : service.count;
  const theirs = count === 1 ? `model ${last.model}` : "others";
  const whose = own.count > 0 ? "" : `not this model, but ${theirs} on this service, `;
  const ago = `${age(Date.parse(run.startedAt) - Date.parse(last.beganAt))} ago`;
  const when = count === 1 ? ago : `${count} times in ${earlierDays} days, the last ${ago}`;
  const otherwise = isOther ? ", with another cause" : "";
  return oneLine(`${whose}${when}${otherwise}: ${what} (${sourceOf(last)}), ${endOf(last)}`);
}

function moreOf({ note, ticket, thread }: EarlierIncident): Pick<SeenBefore, "note" | "links"> {
  return {
    note: note === null || oneLine(note) === "" ? null : clip(oneLine(note), noteLimit),
    links: [
      ...(ticket === null ? [] : [{ label: oneLine(ticket.id), url: safeUrl(ticket.url) }]),
      ...(safeUrl(thread) === null ? [] : [{ label: "its thread", url: safeUrl(thread) }]),
    ],
  };
}

/** What stands in no outlet for anything but an address. */
const safeUrl = (url: string | null): string | null =>
  url !== null && /^https?:\/\/[^\s<>|()[\]"'`\\]{1,1000}$/u.test(url) ? url : null;
