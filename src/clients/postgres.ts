import { isIP, Socket } from "node:net";
import { Client } from "pg";
import type { Secrets, Service } from "#core/config.ts";
import { messageOf } from "#core/errors.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type {
  ConnectionOutcome,
  DatabaseObservation,
  DeployedModelRow,
  DependencyPorts,
} from "#core/ports/dependencies.ts";
import type { Redactor } from "#core/redact.ts";
import { isEndpoint, reachEndpoint, type Endpoint } from "./endpoint.ts";
import { ownDeadline, type Connector } from "./probe/connection.ts";
import { codeOf } from "./probe/outcome.ts";
import { ownNow, within } from "./probe/own-time.ts";

const statementMs = 1_500;
const answerMs = 2_000;

export function createPostgres(
  connector: Connector,
  secrets: Secrets,
  redactor: Redactor,
): DependencyPorts["database"] {
  return {
    deployedModels: async (service, model, signal) => {
      const { url, table } = readSetting(service, secrets);
      const host = url.hostname.replace(/^\[|\]$/gu, "");
      const port = Number(url.port) || 5432;
      const started = ownNow();
      const answer = (seen: Talk): DatabaseObservation => ({
        ...seen,
        endpoint: `${host}:${port}`,
        table,
        rows: redactor.json(seen.rows),
        detail: redactor.text(seen.detail).slice(0, 200),
        tookMs: Math.round(ownNow() - started),
      });
      const reached = await reachEndpoint(connector, "the database", host, port, signal);
      if (!isEndpoint(reached)) return answer({ ...reached, rows: null });
      return answer(
        await within(answerMs, signal, (soon) =>
          talk(url, reached, connector.authorities, quoteTable(table), model, signal, soon),
        ),
      );
    },
  };
}

type Talk = Pick<DatabaseObservation, "outcome" | "code" | "detail" | "rows">;

function readSetting(service: Service, secrets: Secrets): { url: URL; table: string } {
  const setting = service.dependencies.database;
  if (setting === null)
    throw notApplicable(
      "no database is configured",
      "set dependencies.database on the service in hokusai.yaml",
    );
  const text =
    setting.url === null
      ? undefined
      : typeof setting.url === "string"
        ? setting.url
        : secrets(setting.url);
  if (text === undefined) {
    const name =
      setting.url !== null && typeof setting.url === "object"
        ? setting.url.env
        : "dependencies.database.url";
    throw notApplicable(
      "the bot has no login for the API's database",
      `set ${name} to a read-only login: postgres://user:password@host/database`,
    );
  }
  if (!URL.canParse(text))
    throw new FactUnavailable({
      reason: "broken",
      detail: "the database's address is no URL",
      mend: "write it as postgres://user:password@host:5432/database",
    });
  return { url: new URL(text), table: setting.table };
}

/** "schema.table" of plain identifiers; anything else never reaches a statement. */
export function quoteTable(table: string): string {
  const parts = table.split(".");
  if (parts.length > 2 || !parts.every((part) => /^[A-Za-z_][A-Za-z0-9_]{0,62}$/u.test(part))) {
    throw new FactUnavailable({
      reason: "broken",
      detail: "dependencies.database.table is no table name",
      mend: "write it as table or schema.table",
    });
  }
  return parts.map((part) => `"${part}"`).join(".");
}

async function talk(
  url: URL,
  at: Endpoint,
  authorities: readonly string[],
  table: string,
  model: string,
  signal: AbortSignal,
  deadline: AbortSignal,
): Promise<Talk> {
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const verify = mode.startsWith("verify");
  // As in libpq: "require" encrypts, only "verify-..." proves who answers.
  const ssl =
    mode === "disable" || mode === "allow" || mode === "prefer"
      ? false
      : {
          ...(isIP(at.host) === 0 ? { servername: at.host } : {}),
          ca: [...authorities],
          rejectUnauthorized: verify,
          ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
        };
  const socket = new Socket();
  const client = new Client({
    host: at.address,
    port: at.port,
    user: decodeURIComponent(url.username) || "postgres",
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
    ssl,
    stream: () => socket,
    application_name: "hokusai",
  });
  client.on("error", () => {});
  const stop = (): void => void socket.destroy();
  deadline.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    const rows = await readRows(client, table, model);
    return { outcome: "ok", code: null, detail: `${rows.length} rows`, rows };
  } catch (error) {
    if (signal.aborted) throw ownDeadline("the database");
    if (deadline.aborted)
      return { outcome: "timeout", code: null, detail: "connected, but no answer", rows: null };
    return toProblem(error);
  } finally {
    deadline.removeEventListener("abort", stop);
    if (!socket.destroyed)
      await Promise.race([
        client.end().catch(() => {}),
        new Promise((resolve) => {
          setTimeout(resolve, 200).unref();
        }),
      ]);
    socket.on("error", () => {});
    socket.destroy();
  }
}

async function readRows(
  client: Client,
  table: string,
  model: string,
): Promise<readonly DeployedModelRow[]> {
  await client.query("BEGIN TRANSACTION READ ONLY");
  await client.query(`SET LOCAL statement_timeout = ${statementMs}`);
  const answer = await client.query<Record<string, unknown>>(
    `SELECT id::text AS id, model_id::text AS model_id, status::text AS status FROM ${table} WHERE model_id::text = $1 LIMIT 10`,
    [model],
  );
  await client.query("ROLLBACK");
  const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 100) : "");
  return answer.rows.map((row) => ({
    id: text(row["id"]),
    modelId: text(row["model_id"]),
    status: text(row["status"]),
  }));
}

/** SQLSTATE classes: appendix A of the PostgreSQL manual. */
function toProblem(error: unknown): Talk {
  const code = codeOf(error);
  const detail = messageOf(error);
  // The database is there; what is asked of it is not, or not for us.
  if (code === "42501" || code === "42P01" || code === "42703" || code === "3F000")
    return { outcome: "ok", code, detail, rows: null };
  const outcome: ConnectionOutcome =
    /^28|^3D000$/u.test(code) || /password must be|SCRAM|SASL/u.test(detail)
      ? "auth-error"
      : code === "57014"
        ? "timeout"
        : code === "ECONNREFUSED" || code === "53300"
          ? "refused"
          : /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO/u.test(code) || /\bSSL\b/u.test(detail)
            ? "tls-failure"
            : "broken";
  return { outcome, code: code === "Error" ? null : code, detail, rows: null };
}
