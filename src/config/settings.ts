/** Environment variables to settings. A problem names the variable and never shows its value. */
import type { Settings } from "#core/config.ts";
import { nearest } from "#core/nearest.ts";
import { isSafeUrl } from "./leaves.ts";
import { environmentProblem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { valueOf } from "./secrets.ts";
import type { Env, SecretStore } from "./secrets.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export const settingNames = [
  "SLACK_BOT_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_APP_TOKEN",
  "SLACK_API_URL",
  "LINEAR_API_KEY",
  "LINEAR_ACCESS_TOKEN",
  "LINEAR_API_URL",
  "LINEAR_WEBHOOK_SECRET",
  "LINEAR_TEAM",
  "AWS_REGION",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_S3",
  "HOKUSAI_CONFIG",
  "HOKUSAI_PROBE_API_KEY",
  "DATABASE_URL",
  "HOKUSAI_DATA_DIR",
  "PORT",
  "LOG_LEVEL",
] as const;
export type SettingName = (typeof settingNames)[number];

/** Read for redaction only: the AWS SDK finds its credentials by itself. */
const foreignSecrets = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

export function readSettings(env: Env, store: SecretStore, problems: Problem[]): Settings {
  /** The value, or null; a value that is not as expected is a problem. */
  const read = (
    name: SettingName,
    wanted: string,
    fits: (value: string) => boolean,
  ): string | null => {
    const value = valueOf(env, name);
    if (value === undefined) return null;
    if (fits(value)) return value;
    const quoted = /^["'].*["']$/u.test(value) ? " (it is in quotes: take them away)" : "";
    problems.push(environmentProblem(name, `expected ${wanted}${quoted}; its value is not shown`));
    return null;
  };
  const secret = (
    name: SettingName,
    wanted: string,
    fits: (value: string) => boolean,
  ): string | null => {
    store.keep(valueOf(env, name));
    return read(name, wanted, fits);
  };
  const url = (name: SettingName): string | null =>
    read(name, "an https:// URL without user or password (http:// only for localhost)", isSafeUrl);
  const word = /^\S+$/u;

  const botToken = secret("SLACK_BOT_TOKEN", 'a bot token, which starts with "xoxb-"', (v) =>
    /^(xoxe\.)?xoxb-\S+$/u.test(v),
  );
  const signingSecret = secret(
    "SLACK_SIGNING_SECRET",
    "the app's signing secret, which is one word and no token",
    (v) => word.test(v) && !/^x(ox|app)/u.test(v),
  );
  const appToken = secret("SLACK_APP_TOKEN", 'an app-level token, which starts with "xapp-"', (v) =>
    /^xapp-\S+$/u.test(v),
  );
  const slackApi = url("SLACK_API_URL");
  const apiKey = secret("LINEAR_API_KEY", 'a personal API key, which starts with "lin_api_"', (v) =>
    /^lin_api_\S+$/u.test(v),
  );
  const accessToken = secret(
    "LINEAR_ACCESS_TOKEN",
    "an OAuth access token; a key that starts with lin_api_ goes into LINEAR_API_KEY",
    (v) => word.test(v) && !v.startsWith("lin_api_"),
  );
  if (apiKey !== null && accessToken !== null) {
    problems.push(
      environmentProblem(
        "LINEAR_API_KEY",
        "expected one of LINEAR_API_KEY and LINEAR_ACCESS_TOKEN, and both are set",
      ),
    );
  }
  const linearApi = url("LINEAR_API_URL");
  const webhookSecret = secret(
    "LINEAR_WEBHOOK_SECRET",
    "the webhook's signing secret, which is one word",
    (v) => word.test(v),
  );
  const team = read("LINEAR_TEAM", 'the key of a team, such as "HOK"', (v) =>
    /^[A-Za-z][A-Za-z0-9]{0,9}$/u.test(v),
  );
  const region = read("AWS_REGION", 'an AWS region such as "us-east-1"', (v) =>
    /^[a-z]{2}(-[a-z]+)+-\d$/u.test(v),
  );
  const endpointUrl = url("AWS_ENDPOINT_URL");
  const s3EndpointUrl = url("AWS_ENDPOINT_URL_S3");
  const databaseUrl = secret("DATABASE_URL", "a postgres:// URL", (v) =>
    /^postgres(ql)?:$/u.test(URL.parse(v)?.protocol ?? ""),
  );
  for (const name of foreignSecrets) store.keep(valueOf(env, name));

  return {
    slack: botToken === null ? null : { botToken, signingSecret, appToken, apiUrl: slackApi },
    linear:
      apiKey === null && accessToken === null
        ? null
        : {
            apiKey,
            accessToken,
            apiUrl: linearApi,
            webhookSecret,
            team: team?.toUpperCase() ?? null,
          },
    aws: { region, endpointUrl, s3EndpointUrl },
    databaseUrl,
    dataDirectory: read("HOKUSAI_DATA_DIR", "a directory", (v) => !v.includes("\0")) ?? ".hokusai",
    port: readPort(env, problems),
    logLevel: readLogLevel(env, problems),
    given: settingNames.filter((name) => valueOf(env, name) !== undefined),
  };
}

function readPort(env: Env, problems: Problem[]): number {
  const written = valueOf(env, "PORT") ?? "3000";
  if (/^\d{1,5}$/u.test(written) && Number(written) <= 65_535) return Number(written);
  problems.push(
    environmentProblem(
      "PORT",
      `expected a whole number from 0 to 65535, got ${JSON.stringify(written.slice(0, 40))}`,
    ),
  );
  return 0;
}

function readLogLevel(env: Env, problems: Problem[]): Settings["logLevel"] {
  const written = (valueOf(env, "LOG_LEVEL") ?? "info").toLowerCase();
  const level = logLevels.find((known) => known === written);
  if (level !== undefined) return level;
  const meant = nearest(written, logLevels);
  const hint = meant === null ? "" : `; did you mean "${meant}"?`;
  problems.push(
    environmentProblem(
      "LOG_LEVEL",
      `expected one of ${logLevels.join(", ")}, got ${JSON.stringify(written.slice(0, 40))}${hint}`,
    ),
  );
  return "info";
}
