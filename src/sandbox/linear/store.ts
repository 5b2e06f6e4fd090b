import { randomUUID } from "node:crypto";
import { conflict, invalid, notFound } from "./errors.ts";
import type { Amend, Entity, Insert, Rows } from "./rows.ts";

/** One write, whoever made it. `at` is ISO 8601; `before` holds the old values of what changed. */
export interface Change<E extends Entity = Entity> {
  readonly at: string;
  /** The id of the user who made it. */
  readonly actor: string;
  /** False for what went through the API, true for what a person did (`asPerson`). */
  readonly byPerson: boolean;
  readonly action: "create" | "update" | "remove";
  readonly entity: E;
  readonly id: string;
  readonly after: Rows[E];
  readonly before: Partial<Rows[E]> | null;
}

/** Who writes: the owner of the key, or a person of the sandbox. */
export interface Writer {
  readonly userId: string;
  readonly byPerson: boolean;
}

export interface Store {
  readonly changes: readonly Change[];
  all<E extends Entity>(entity: E): readonly Rows[E][];
  find<E extends Entity>(entity: E, id: string): Rows[E] | null;
  /** Throws Linear's not-found error, also for what was deleted. */
  get<E extends Entity>(entity: E, id: string): Rows[E];
  /** Throws Linear's conflict error when the id was ever used. */
  insert<E extends Entity>(entity: E, row: Insert<E>, writer: Writer): Rows[E];
  /** Nothing is recorded when nothing changes. */
  amend<E extends Entity>(entity: E, id: string, change: Amend<E>, writer: Writer): Rows[E];
  remove(entity: Entity, id: string, writer: Writer): void;
  onChange(listener: (change: Change) => void): () => void;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function createStore(now: () => number): Store {
  const tables = new Map<Entity, Map<string, unknown>>();
  const changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  let latest = 0;

  const table = <E extends Entity>(entity: E): Map<string, Rows[E]> => {
    const known = tables.get(entity) ?? new Map<string, unknown>();
    tables.set(entity, known);
    return known as Map<string, Rows[E]>;
  };
  // Two writes never share a time, so that orders by time are orders of writing.
  const time = (): string => {
    latest = Math.max(now(), latest + 1);
    return new Date(latest).toISOString();
  };
  const record = (change: Change): void => {
    changes.push(change);
    for (const listener of listeners) listener(change);
  };
  const get = <E extends Entity>(entity: E, id: string): Rows[E] => {
    const row = table(entity).get(id);
    if (row === undefined || row.archivedAt !== null) throw notFound(entity);
    return row;
  };

  return {
    changes,
    all: (entity) => [...table(entity).values()].filter((row) => row.archivedAt === null),
    find: (entity, id) => table(entity).get(id) ?? null,
    get,
    insert(entity, row, writer) {
      if (row.id !== undefined && !UUID.test(row.id)) throw invalid("id must be a UUID");
      const id = row.id ?? randomUUID();
      if (table(entity).has(id)) throw conflict(entity, id);
      const at = time();
      const after = {
        archivedAt: null,
        ...row,
        id,
        createdAt: at,
        updatedAt: at,
      } as unknown as Rows[typeof entity];
      table(entity).set(id, after);
      record({
        at,
        actor: writer.userId,
        byPerson: writer.byPerson,
        action: "create",
        entity,
        id,
        after,
        before: null,
      });
      return after;
    },
    amend(entity, id, change, writer) {
      const row = get(entity, id);
      const changed = Object.entries(change).filter(
        ([key, value]) => JSON.stringify(row[key as keyof typeof row]) !== JSON.stringify(value),
      );
      if (changed.length === 0) return row;
      const at = time();
      const after = { ...row, ...Object.fromEntries(changed), updatedAt: at };
      const before = Object.fromEntries(
        changed.map(([key]) => [key, row[key as keyof typeof row]]),
      );
      table(entity).set(id, after);
      record({
        at,
        actor: writer.userId,
        byPerson: writer.byPerson,
        action: "update",
        entity,
        id,
        after,
        before,
      });
      return after;
    },
    remove(entity, id, writer) {
      const row = get(entity, id);
      const at = time();
      const after = { ...row, archivedAt: at };
      table(entity).set(id, after);
      record({
        at,
        actor: writer.userId,
        byPerson: writer.byPerson,
        action: "remove",
        entity,
        id,
        after,
        before: null,
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
