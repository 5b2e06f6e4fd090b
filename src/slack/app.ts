import { App, LogLevel, type CustomRoute, type Logger } from "@slack/bolt";
import type { Settings } from "#core/config.ts";

export interface SlackAppOptions {
  readonly settings: NonNullable<Settings["slack"]>;
  /** Further HTTP routes (health); served in HTTP mode and in socket mode alike. */
  readonly routes: CustomRoute[];
  readonly port: number;
  /** One line for the log; Bolt's own output goes nowhere else. */
  readonly onLog: (level: "warn" | "error", line: string) => void;
}

/** Socket mode where there is an app token, else HTTP on POST /slack/events. Not started yet. */
export async function createSlackApp({ settings, routes, port, onLog }: SlackAppOptions): Promise<App> {
  const { botToken, signingSecret, appToken, apiUrl } = settings;
  const app = new App({
    token: botToken,
    ...(appToken === null ? { signingSecret: signingSecret ?? "" } : { socketMode: true, appToken }),
    customRoutes: routes,
    port,
    logger: toLogger(onLog),
    deferInitialization: true,
    clientOptions: {
      ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
    },
  });
  await app.init();
  return app;
}

function toLogger(onLog: SlackAppOptions["onLog"]): Logger {
  const line = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => onLog("warn", line(parts)),
    error: (...parts) => onLog("error", line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
