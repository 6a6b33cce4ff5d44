import { errorCodes } from "../errors/errorCodes.ts";
import type { LogEvent } from "../ports/logger.ts";

/** An event in a few words; of a failure what was kept, what to do and where to read on. */
export function logMessage({ event, code, docsUrl, trigger = "manual" }: LogEvent): string {
  const what = `xmtp-backup: ${event.replace(".", " ")}`;
  if (!code) return what;
  // Another copy of this package may know codes that this one does not.
  if (!Object.hasOwn(errorCodes, code)) return `${what} (${code}). ${docsUrl}`;
  const { kept, next } = errorCodes[code];
  const by = trigger === "manual" ? "" : `, begun by ${trigger}`;
  return `${what} (${code}${by}). ${kept} ${next} ${docsUrl}`;
}
