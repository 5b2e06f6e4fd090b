import { App, LogLevel, type CustomRoute, type Logger } from "@slack/bolt";
import type { Settings } from "#core/config.ts";
import { acknowledgement } from "./reply.ts";

export interface SlackAppOptions {
  readonly settings: NonNullable<Settings["slack"]>;
  /** Further HTTP routes (health); served in HTTP mode and in socket mode alike. */
  readonly routes: CustomRoute[];
  readonly port: number;
  /** One line for the log; Bolt's own output goes nowhere else. */
  readonly onLog: (level: "warn" | "error", line: string) => void;
}

/** Socket mode where there is an app token, else HTTP on POST /slack/events. Not started yet. */
export async function createSlackApp({
  settings,
  routes,
  port,
  onLog,
}: SlackAppOptions): Promise<App> {
  const { botToken, signingSecret, appToken, apiUrl } = settings;
  const app = new App({
    token: botToken,
    ...(appToken === null
      ? { signingSecret: signingSecret ?? "" }
      : { socketMode: true, appToken }),
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
  acknowledgeWhenKept(app, onLog);
  return app;
}

/**
 * Bolt acknowledges an event before any listener has seen it, and what is lost then is never sent
 * again. Here the listener does it, once the event is kept, and at the latest its end does.
 */
function acknowledgeWhenKept(app: App, onLog: SlackAppOptions["onLog"]): void {
  const processEvent = app.processEvent.bind(app);
  app.processEvent = async (received) => {
    if (!("event" in received.body)) return processEvent(received);
    const acknowledge = acknowledgement(received.ack, (problem) => onLog("warn", problem));
    await processEvent({
      ...received,
      ack: () => Promise.resolve(),
      customProperties: { ...received.customProperties, acknowledge },
    });
    await acknowledge();
  };
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
