import { docsUrlOf } from "../errors/docsUrl.ts";
import type { Log, Logger } from "../ports/logger.ts";
import { harmless } from "./harmless.ts";
import { logMessage } from "./logMessage.ts";

const nothing = () => undefined;
const warn: Logger["warn"] = (_event, message) => console.warn(message);

/** What hears where an app has chosen nothing: only what nobody else has heard of. */
const consoleLogger: Logger = { debug: nothing, info: nothing, warn, error: warn };

/** Logs to an app's logger, to the console by default, and to nobody with `false`; a logger that fails breaks nothing. */
export function createLog(logger: Logger | false = consoleLogger): Log {
  if (!logger) return nothing;
  return (level, event) =>
    harmless(() => {
      const full = event.code ? { ...event, docsUrl: docsUrlOf(event.code) } : event;
      return logger[level](full, logMessage(full));
    });
}
