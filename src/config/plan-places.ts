import type { Spot } from "./source-tree.ts";

interface Place {
  readonly at: Spot;
  /** The key as an operator would write it. */
  readonly path: string;
}

/** Where parts of a loaded plan were written. Plans are plain data: the places stay beside them. */
const places = new WeakMap<object, Place>();

export function placed<Part extends object>(part: Part, place: Place): Part {
  places.set(part, { at: place.at, path: place.path });
  return part;
}

/** Undefined for a plan that was not read from a file. */
export const placeOf = (part: object): Place | undefined => places.get(part);
