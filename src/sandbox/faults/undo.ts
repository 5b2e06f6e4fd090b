import type { WorldState } from "../world/state.ts";

/** Keeps what an edit replaced, so that heal puts back exactly that; applying twice changes nothing more. */
export const undoable = (
  edit: (world: WorldState) => (() => void) | null,
): { apply(world: WorldState): void; heal(world: WorldState): void } => {
  const undo = new WeakMap<WorldState, () => void>();
  return {
    apply: (world) => {
      if (undo.has(world)) return;
      const back = edit(world);
      if (back !== null) undo.set(world, back);
    },
    heal: (world) => {
      undo.get(world)?.();
      undo.delete(world);
    },
  };
};
