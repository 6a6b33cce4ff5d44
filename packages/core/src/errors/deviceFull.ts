import { BackupError } from "./backupError.ts";

const fullCodes: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What systems and SQLite say of a full disk, within the SDK's errors (docs/sdk-facts.md#full-disk-words). */
const fullTexts = /no space left|not enough space|disk (is )?full|disk quota|file too large|SQLITE_FULL|QuotaExceeded/i;

/** How many causes are looked through. */
const longestChain = 10;

/** Whether an error, or what caused it, says that this device has no room left, for hosts, journals and key stores. */
export function isDeviceFull(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < longestChain; each = each.cause, depth += 1) {
    const { code } = each as { code?: unknown };
    if (fullCodes.has(code) || each.name === "QuotaExceededError" || fullTexts.test(each.message)) return true;
  }
  return typeof error === "string" && fullTexts.test(error);
}

/** The error for a device that has no room left. */
export function deviceFull(shortMessage: string, cause: unknown): BackupError {
  return new BackupError("DEVICE_FULL", shortMessage, { cause, details: "This device has no room left." });
}
