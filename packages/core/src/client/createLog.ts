import { docsUrlOf } from "../errors/docsUrl.ts";
import type { Log, Logger } from "../ports/logger.ts";
import { logMessage } from "./logMessage.ts";

const nothing = () => undefined;

/** What hears where an app has chosen nothing: only what nobody else has heard of. */
const consoleLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: (_event, message) => console.warn(message),
  error: (_event, message) => console.error(message),
};

/** Logs to an app's logger, to the console by default, and to nobody with `false`; a logger that fails breaks nothing. */
export function createLog(logger: Logger | false = consoleLogger): Log {
  if (!logger) return nothing;
  return (level, event) => {
    try {
      const { code } = event;
      const full = code === undefined ? event : { ...event, docsUrl: docsUrlOf(code) };
      // One that answers with a promise may fail later.
      void Promise.resolve(logger[level](full, logMessage(full))).catch(nothing);
    } catch {
      // It is the logger's own failure, and nobody else is there to hear of it.
    }
  };
}
