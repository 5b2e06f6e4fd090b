import { AsyncLocalStorage } from "node:async_hooks";
import type { Db } from "pg-boss";

export type Row = Readonly<Record<string, unknown>>;

/** One connection, inside or outside a transaction. */
export interface Connection {
  query(text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** Several statements, no values, no rows. */
  exec(text: string): Promise<void>;
}

/** One of the two homes of the ledger: PGlite inside this process, or a Postgres server. */
export interface Home extends Connection {
  readonly kind: "embedded" | "postgres";
  /** Who this process is among those that share the database; new at every start. */
  readonly owner: number;
  /** Whether the process with this number has ended. Never true of one that lives and is reachable. */
  isGone(owner: number): Promise<boolean>;
  begin<Value>(work: (connection: Connection) => Promise<Value>): Promise<Value>;
  /** What pg-boss talks to outside our transactions. */
  readonly jobs: Db;
  close(): Promise<void>;
}

/** The SQL that the ledger speaks. Inside `atomically` every statement joins the same transaction. */
export interface Sql {
  readonly home: Home;
  /** Rows as the drivers parse them: json to objects, timestamptz to Date, int to number. */
  rows<Shape = Row>(text: string, values?: readonly unknown[]): Promise<readonly Shape[]>;
  row<Shape = Row>(text: string, values?: readonly unknown[]): Promise<Shape | null>;
  exec(text: string): Promise<void>;
  /** All or nothing. Inside another one it is a savepoint: what it did can fail by itself. */
  atomically<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Runs once what was done here is durable; at once outside a transaction, never after a rollback. */
  whenDurable(act: () => void): void;
  /** pg-boss with its jobs in the same transaction as everything else. */
  readonly jobs: Db;
}

interface Transaction {
  readonly connection: Connection;
  depth: number;
  open: boolean;
  readonly durable: (() => void)[];
}

export function createSql(home: Home): Sql {
  const ambient = new AsyncLocalStorage<Transaction>();
  /** Work that outlives its transaction (a timer started inside) goes on outside of it. */
  const current = (): Transaction | null => {
    const transaction = ambient.getStore();
    return transaction?.open === true ? transaction : null;
  };
  const query = (text: string, values: readonly unknown[]): Promise<readonly Row[]> =>
    (current()?.connection ?? home).query(text, values);

  const nested = async <Value>(outer: Transaction, work: () => Promise<Value>): Promise<Value> => {
    const name = `inner_${(outer.depth += 1)}`;
    const before = outer.durable.length;
    await outer.connection.exec(`savepoint ${name}`);
    try {
      const value = await work();
      await outer.connection.exec(`release savepoint ${name}`);
      return value;
    } catch (error) {
      outer.durable.splice(before);
      await outer.connection.exec(`rollback to savepoint ${name}`);
      throw error;
    } finally {
      outer.depth -= 1;
    }
  };

  const outermost = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const durable: (() => void)[] = [];
    const value = await home.begin(async (connection) => {
      const transaction: Transaction = { connection, depth: 0, open: true, durable };
      try {
        return await ambient.run(transaction, work);
      } finally {
        transaction.open = false;
      }
    });
    for (const act of durable) act();
    return value;
  };

  return {
    home,
    rows: async <Shape>(text: string, values: readonly unknown[] = []) =>
      (await query(text, values)) as readonly Shape[],
    row: async <Shape>(text: string, values: readonly unknown[] = []) =>
      ((await query(text, values))[0] as Shape | undefined) ?? null,
    exec: (text) => (current()?.connection ?? home).exec(text),
    atomically(work) {
      const outer = current();
      return outer === null ? outermost(work) : nested(outer, work);
    },
    whenDurable(act) {
      const transaction = current();
      if (transaction === null) act();
      else transaction.durable.push(act);
    },
    jobs: {
      ...home.jobs,
      executeSql: async (text, values) => {
        const transaction = current();
        if (transaction === null) return home.jobs.executeSql(text, values);
        return { rows: [...(await transaction.connection.query(text, values ?? []))] };
      },
    },
  };
}
