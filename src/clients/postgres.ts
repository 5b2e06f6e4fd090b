import { isIP, Socket } from "node:net";
import { Client, type ClientConfig } from "pg";
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
import { conversationMs, isReached, reachEndpoint, type Endpoint } from "./endpoint.ts";
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
      return answer(
        await within(conversationMs, signal, async (soon) => {
          const way = { host, port, secure: false };
          const reached = await reachEndpoint(connector, "the database", way, signal, soon);
          if (!isReached(reached)) return { ...reached, rows: null };
          // The driver opens its own.
          reached.socket.on("error", () => {}).destroy();
          const question = { url, at: reached, table: quoteTable(table), model };
          return within(answerMs, soon, (end) =>
            preferTls(question, connector.authorities, signal, end),
          );
        }),
      );
    },
  };
}

interface Question {
  readonly url: URL;
  readonly at: Endpoint;
  readonly table: string;
  readonly model: string;
}

/** sslmode as in libpq: without one, TLS is tried first and done without where the server has none. */
async function preferTls(
  question: Question,
  authorities: readonly string[],
  signal: AbortSignal,
  deadline: AbortSignal,
): Promise<Talk> {
  const mode = question.url.searchParams.get("sslmode") ?? "prefer";
  const converse = (ssl: TlsWish): Promise<Talk> => talk(question, ssl, signal, deadline);
  if (mode === "disable") return converse(false);
  const verified = mode.startsWith("verify");
  // Only "verify-..." proves who answers.
  const seen = await converse({
    ...(isIP(question.at.host) === 0 ? { servername: question.at.host } : {}),
    ca: [...authorities],
    rejectUnauthorized: verified,
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  });
  const optional = mode === "prefer" || mode === "allow";
  return optional && seen.outcome === "tls-failure" ? converse(false) : seen;
}

type TlsWish = Exclude<ClientConfig["ssl"], undefined | true>;

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
  { url, at, table, model }: Question,
  ssl: TlsWish,
  signal: AbortSignal,
  deadline: AbortSignal,
): Promise<Talk> {
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
  return {
    outcome: outcomeOf(code, detail),
    code: code === "Error" ? null : code,
    detail,
    rows: null,
  };
}

function outcomeOf(code: string, detail: string): ConnectionOutcome {
  // pg_hba.conf has lines for encrypted connections only.
  if (code === "28000" && /no encryption|SSL off/iu.test(detail)) return "tls-failure";
  if (/^28|^3D000$/u.test(code) || /password must be|SCRAM|SASL/u.test(detail)) return "auth-error";
  if (code === "57014") return "timeout";
  if (code === "57P03") return "starting";
  if (code === "53300") return "too-many-connections";
  if (code === "ECONNREFUSED") return "refused";
  return /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO/u.test(code) || /\bSSL\b/u.test(detail)
    ? "tls-failure"
    : "broken";
}
