import { englishTexts } from "./englishTexts.ts";
import { speak } from "./speak.ts";
import type { EnglishTexts, TextCatalogue, TextKey, TextValues } from "./textCatalogue.ts";

/**
 * Says one text of a catalogue, or the English one where the catalogue lacks it. A key that there is not, or a value that is
 * missing, is a compile error.
 *
 * @example
 * ```ts
 * import { englishTexts, formatText } from "@xmtp-backup/core";
 *
 * const line = formatText(englishTexts, "activation.some", { count: 3, total: 12 }); // "3 of 12 conversations are active again"
 * ```
 */
export function formatText<Key extends TextKey>(catalogue: TextCatalogue, key: Key, ...values: TextValues<EnglishTexts[Key]>): string {
  return speak<EnglishTexts>(englishTexts.texts, catalogue)(key, ...values);
}
