import { activationTexts } from "./english/activationTexts.ts";
import { closingTexts } from "./english/closingTexts.ts";
import { restoredConversationTexts } from "./english/restoredConversationTexts.ts";
import { dueTexts } from "./english/dueTexts.ts";
import { gapTexts } from "./english/gapTexts.ts";
import { healthTexts } from "./english/healthTexts.ts";
import { importedTexts } from "./english/importedTexts.ts";
import { lacksTexts } from "./english/lacksTexts.ts";
import { nextRunTexts } from "./english/nextRunTexts.ts";
import { noticeTexts } from "./english/noticeTexts.ts";
import { notRestoredTexts } from "./english/notRestoredTexts.ts";
import { partialTexts } from "./english/partialTexts.ts";
import { readOnlyModeTexts } from "./english/readOnlyModeTexts.ts";
import { remainingTexts } from "./english/remainingTexts.ts";
import { reminderTexts } from "./english/reminderTexts.ts";
import { restoreTexts } from "./english/restoreTexts.ts";
import { retentionTexts } from "./english/retentionTexts.ts";
import { recreatingTexts } from "./english/recreatingTexts.ts";
import { wakeUpTexts } from "./english/wakeUpTexts.ts";
import type { EnglishTexts } from "./textCatalogue.ts";

/** Every text in English: what a translation begins with. The functions that make words have what they need of it themselves. */
export const englishTexts: { readonly locale: string; readonly texts: EnglishTexts } = {
  locale: "en",
  texts: {
    ...readOnlyModeTexts,
    ...restoredConversationTexts,
    ...activationTexts,
    ...noticeTexts,
    ...recreatingTexts,
    ...wakeUpTexts,
    ...gapTexts,
    ...restoreTexts,
    ...importedTexts,
    ...notRestoredTexts,
    ...healthTexts,
    ...partialTexts,
    ...lacksTexts,
    ...nextRunTexts,
    ...dueTexts,
    ...reminderTexts,
    ...remainingTexts,
    ...closingTexts,
    ...retentionTexts,
  },
};
