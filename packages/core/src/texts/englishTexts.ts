import { activationTexts } from "./english/activationTexts.ts";
import { conversationTexts } from "./english/conversationTexts.ts";
import { gapTexts } from "./english/gapTexts.ts";
import { importedTexts } from "./english/importedTexts.ts";
import { noticeTexts } from "./english/noticeTexts.ts";
import { notRestoredTexts } from "./english/notRestoredTexts.ts";
import { readOnlyTexts } from "./english/readOnlyTexts.ts";
import { restoreTexts } from "./english/restoreTexts.ts";
import { stitchingTexts } from "./english/stitchingTexts.ts";
import { wakeUpTexts } from "./english/wakeUpTexts.ts";
import type { EnglishTexts } from "./textCatalogue.ts";

/** Every text in English: what a translation begins with. The functions that make words have what they need of it themselves. */
export const englishTexts: { readonly locale: string; readonly texts: EnglishTexts } = {
  locale: "en",
  texts: {
    ...readOnlyTexts,
    ...conversationTexts,
    ...activationTexts,
    ...noticeTexts,
    ...stitchingTexts,
    ...wakeUpTexts,
    ...gapTexts,
    ...restoreTexts,
    ...importedTexts,
    ...notRestoredTexts,
  },
};
