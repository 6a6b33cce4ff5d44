import { type BackupErrorCode, errorCodes, isBackupError } from "@xmtp-backup/core";
import { plain } from "./plain.ts";

/** A failure as a screen tells it: what happened, then what was kept and what to do. */
export type ErrorText = { title: string; advice: string };

/** Advice for the people who use the app, where core's is for those who build it. */
const advice: Partial<Record<BackupErrorCode, string>> = {
  ARCHIVE_DAMAGED: "Nothing on this device was changed. Choose an older backup.",
  ARCHIVE_TRUNCATED: "Nothing on this device was changed. Choose an older backup.",
  IMPORT_STALLED: "Everything that came back so far stays. Reload the page and restore again: nothing comes twice.",
  KEY_MISSING: "Nothing was changed. Enter the recovery phrase of this backup.",
  KEY_WRONG: "Nothing was changed. Look for the phrase that you wrote down for this app.",
  PHRASE_INVALID: "Nothing was changed. Compare each word with your note: 24 words, in their order.",
  PASSPHRASE_WEAK: "Nothing was changed. Make it longer. Random words are best.",
  POLICY_INVALID: "The earlier settings still hold.",
  SECRET_WRONG: "Nothing was changed. Look for what you wrote down for this app, or open them another way.",
  SLOT_NEEDED: "Nothing was changed. Add another way first, then remove this one.",
  TASK_IN_PROGRESS: "Wait until it has ended, or cancel it.",
};

/** What happened, where core says it in words that no screen of the app has. */
const titles: Partial<Record<BackupErrorCode, string>> = {
  SECRET_WRONG: "This doesn’t open your backups.",
  SLOT_NEEDED: "This is the only way in.",
};

/** What to tell people of any error. */
export function errorText(error: unknown): ErrorText {
  if (!isBackupError(error)) return { title: "Something went wrong.", advice: error instanceof Error ? error.message : String(error) };
  const { kept, next } = errorCodes[error.code];
  return { title: titles[error.code] ?? plain(error.shortMessage), advice: advice[error.code] ?? plain(`${kept} ${next}`) };
}
