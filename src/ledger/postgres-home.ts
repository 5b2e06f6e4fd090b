import { randomInt } from "node:crypto";
import pg from "pg";
import { HokusaiError, messageOf } from "#core/errors.ts";
import type { Connection, Home, Row } from "./sql.ts";

/** Name space of our advisory locks, so that nobody else's numbers meet ours. */
const lockSpace = 0x484f_4b55;
const largest = 0x7fff_ffff;

/** Longest a statement may take; what the ledger asks is answered in milliseconds. */
const statementTimeoutMs = 20_000;

/**
 * A Postgres server. Each process holds an advisory lock under its number on a connection of its
 * own: the server frees it the moment the process dies, so that others take its work over at once.
 */
export async function openPostgres(
  url: string,
  onProblem: (problem: string) => void,
): Promise<Home> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: "hokusai",
  });
  pool.on("error", (error) => onProblem(`database connection: ${error.message}`));
  const owner = randomInt(1, largest);
  const lock = createOwnerLock(url, owner, onProblem);
  try {
    await lock.hold();
  } catch (error) {
    await lock.release();
    await pool.end();
    throw new HokusaiError(
      "configuration",
      `The database of DATABASE_URL cannot be used: ${messageOf(error)}`,
      {
        next: "Check that the server runs, and the host, port, user, password and database name in DATABASE_URL.",
        cause: error,
      },
    );
  }

  const query = async (
    client: Pick<pg.Pool, "query">,
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]> => {
    // Statements that come together answer with a list of results, which the types do not say.
    const result: pg.QueryResult<Row> | pg.QueryResult<Row>[] =
      values === undefined || values.length === 0
        ? await client.query<Row>(text)
        : await client.query<Row>(text, [...values]);
    return Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows;
  };
  const toConnection = (client: Pick<pg.Pool, "query">): Connection => ({
    query: (text, values) => query(client, text, values),
    exec: async (text) => void (await query(client, text)),
  });

  return {
    kind: "postgres",
    owner,
    ...toConnection(pool),
    async isGone(other) {
      if (other === owner) return false;
      const [answer] = await query(
        pool,
        "with try as (select pg_try_advisory_lock($1, $2) as free) " +
          "select free, case when free then pg_advisory_unlock($1, $2) end from try",
        [lockSpace, other],
      );
      return answer?.["free"] === true;
    },
    async begin(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const value = await work(oneByOne(toConnection(client)));
        await client.query("commit");
        return value;
      } catch (error) {
        await client.query("rollback").catch((late: unknown) => {
          broken = late instanceof Error ? late : new Error(messageOf(late));
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    jobs: { executeSql: async (text, values) => ({ rows: await query(pool, text, values) }) },
    async close() {
      await lock.release();
      await pool.end();
    },
  };
}

/** One client takes one statement at a time; who asks for several at once waits here, not in the driver. */
function oneByOne(connection: Connection): Connection {
  let tail: Promise<unknown> = Promise.resolve();
  const next = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const turn = tail.then(act);
    tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    query: (text, values) => next(() => connection.query(text, values)),
    exec: (text) => next(() => connection.exec(text)),
  };
}

/** Holds the lock on one connection, and takes it again on a new one when that breaks. */
function createOwnerLock(url: string, owner: number, onProblem: (problem: string) => void) {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let released = false;

  const hold = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: `hokusai owner ${owner}`,
    });
    next.on("error", (error) => {
      if (client !== next || released) return;
      onProblem(`database connection: ${error.message}`);
      client = null;
      again();
    });
    await next.connect();
    await next.query("select pg_advisory_lock($1, $2)", [lockSpace, owner]);
    client = next;
  };
  const again = (): void => {
    timer = setTimeout(() => {
      hold().catch((error: unknown) => {
        onProblem(`database connection: ${messageOf(error)}`);
        if (!released) again();
      });
    }, 1_000);
  };
  return {
    hold,
    async release() {
      released = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
