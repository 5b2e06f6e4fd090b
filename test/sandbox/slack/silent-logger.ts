import { LogLevel } from "@slack/web-api";
import type { Logger } from "@slack/web-api";

const nothing = (): void => undefined;
/** The refusals that these tests provoke are not worth a line on the screen. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};
