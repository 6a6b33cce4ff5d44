import { isBackupError } from "../errors/backupError.ts";
import type { LogEvent, LogEventName } from "../ports/logger.ts";

/** A failure as it is logged: by its code alone, since the text of another's error may hold anything. */
export function failureEvent(event: LogEventName, error: unknown, ids: Omit<LogEvent, "event" | "code"> = {}): LogEvent {
  return { event, ...ids, ...(isBackupError(error) && { code: error.code }) };
}
