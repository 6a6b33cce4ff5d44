import { docsUrlOf } from "../errors/docsUrl.ts";
import { errorCodes } from "../errors/errorCodes.ts";
import type { LogEvent, LogEventName } from "../ports/logger.ts";

const sentences: Record<LogEventName, string> = {
  "backup.started": "A backup has started",
  "backup.succeeded": "A backup has succeeded",
  "backup.failed": "A backup has failed",
  "backup.cancelled": "A backup was cancelled",
  "restore.started": "A restore has started",
  "restore.succeeded": "A restore has succeeded",
  "restore.failed": "A restore has failed",
  "restore.cancelled": "A restore was cancelled",
  "task.recovered": "What an interrupted task left is cleaned up",
  "key.made": "An archive key was made",
  "archives.pruned": "Old archives were removed",
  "archives.unpruned": "Old archives could not be removed",
  "archive.verified": "A stored archive was read back and is whole",
  "archive.damaged": "A stored archive can't be restored",
  "archive.unverified": "A stored archive could not be read back",
  "policy.decided": "The policy has decided",
  "policy.failed": "The policy can't look at the world",
  "note.failed": "A note of the plugin could not be kept",
  "following.failed": "Restored conversations can't be followed",
  "call.failed": "The tab that makes the backups did not do what it was asked",
};

/** An event in a sentence; of a failure what was kept, what to do and where to read on. */
export function logMessage({ event, code, trigger }: LogEvent): string {
  const what = `xmtp-backup: ${sentences[event]}`;
  if (code === undefined) return `${what}.`;
  const { kept, next } = errorCodes[code];
  const by = trigger === undefined || trigger === "manual" ? "" : `, begun by ${trigger}`;
  return `${what} (${code}${by}). ${kept} ${next} ${docsUrlOf(code)}`;
}
