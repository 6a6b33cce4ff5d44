import { ArchiveError } from "@xmtp-backup/archive";
import { isBackupError } from "../../errors/backupError.ts";

const systemCodes = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "EIO", "ENOENT", "ENOTDIR"]);
const systemNames = new Set([
  "AbortError",
  "QuotaExceededError",
  "NotAllowedError",
  "SecurityError",
  "NotReadableError",
  "InvalidStateError",
]);
/**
 * What systems, SQLite and the SDKs say of a full disk (docs/sdk-facts.md#full-disk-words), a file's limit, a missing right, a database
 * in use and a client that is gone.
 */
const systemTexts =
  /no space|disk (is )?full|file too large|quota|read-?only|permission denied|access is denied|not permitted|i\/o error|too many open files|locked|busy|timed? ?out|needs to\s+reconnect|client is closed|not initialized/i;

/**
 * Whether an export failed because of what it was to hold, so that a smaller one may succeed.
 *
 * A full disk, a missing right, a database in use or a closed client fail every export alike: then narrowing only costs time.
 */
export function isWorthNarrowing(error: unknown): boolean {
  if (ArchiveError.is(error)) return true;
  if (isBackupError(error) && error.code !== "EXPORT_FAILED") return false;
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 10; each = each.cause, depth += 1) {
    const { code } = each as { code?: unknown };
    if (typeof code === "string" && systemCodes.has(code)) return false;
    if (systemNames.has(each.name) || systemTexts.test(isBackupError(each) ? (each.details ?? "") : each.message)) return false;
  }
  return true;
}
