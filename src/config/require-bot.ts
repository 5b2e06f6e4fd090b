import type { Config } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";

interface Wanted {
  readonly name: string;
  readonly where: string;
}

const botToken: Wanted = {
  name: "SLACK_BOT_TOKEN",
  where:
    "starts with xoxb-; api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token",
};
const signingSecret: Wanted = {
  name: "SLACK_SIGNING_SECRET",
  where:
    "api.slack.com/apps > your app > Basic Information > App Credentials; not needed in socket mode, " +
    "that is with SLACK_APP_TOKEN (starts with xapp-, scope connections:write; Basic Information > App-Level Tokens)",
};
const optional: readonly Wanted[] = [
  {
    name: "LINEAR_API_KEY",
    where: "starts with lin_api_; Linear > Settings > Security & access > Personal API keys",
  },
  {
    name: "HOKUSAI_PROBE_API_KEY",
    where: "a key of the model API, scoped to the models it may test",
  },
  {
    name: "DATABASE_URL",
    where:
      "a postgres:// URL; without it the ledger lives in HOKUSAI_DATA_DIR (.hokusai), for this process alone",
  },
];
const aws =
  "AWS credentials are no setting of ours: the SDK finds them by its own chain " +
  "(AWS_PROFILE, AWS_ACCESS_KEY_ID, the role of a task or an instance).";

/** What `npm start` needs beyond a valid configuration; throws one error that names all that is missing. */
export function requireBot(
  config: Config,
): asserts config is Config & { settings: { slack: object } } {
  const { given } = config.settings;
  const missing: Wanted[] = [];
  if (!given.includes("SLACK_BOT_TOKEN")) missing.push(botToken);
  if (!given.includes("SLACK_SIGNING_SECRET") && !given.includes("SLACK_APP_TOKEN"))
    missing.push(signingSecret);
  if (missing.length === 0) return;
  const linear = given.includes("LINEAR_ACCESS_TOKEN");
  const unset = optional.filter(
    ({ name }) => !given.includes(name) && !(linear && name === "LINEAR_API_KEY"),
  );
  const rows = (wanted: readonly Wanted[]): string[] =>
    wanted.map(({ name, where }) => `  ${name}: ${where}`);
  const count =
    missing.length === 1 ? "1 setting is missing" : `${missing.length} settings are missing`;
  const lines = [`the bot cannot start: ${count}`, ...rows(missing)];
  if (unset.length > 0) lines.push("Optional, and not set:", ...rows(unset));
  throw new HokusaiError("configuration", [...lines, aws].join("\n"), {
    next: "Set them in the environment (.env.example lists all); `npm run demo` needs none.",
  });
}
