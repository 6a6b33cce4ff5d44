import type { PluralForms } from "./english/pluralForms.ts";
import type { activationTexts } from "./english/activationTexts.ts";
import type { closingTexts } from "./english/closingTexts.ts";
import type { restoredConversationTexts } from "./english/restoredConversationTexts.ts";
import type { dueTexts } from "./english/dueTexts.ts";
import type { gapTexts } from "./english/gapTexts.ts";
import type { healthTexts } from "./english/healthTexts.ts";
import type { importedTexts } from "./english/importedTexts.ts";
import type { lacksTexts } from "./english/lacksTexts.ts";
import type { nextRunTexts } from "./english/nextRunTexts.ts";
import type { noticeTexts } from "./english/noticeTexts.ts";
import type { notRestoredTexts } from "./english/notRestoredTexts.ts";
import type { partialTexts } from "./english/partialTexts.ts";
import type { readOnlyModeTexts } from "./english/readOnlyModeTexts.ts";
import type { remainingTexts } from "./english/remainingTexts.ts";
import type { reminderTexts } from "./english/reminderTexts.ts";
import type { restoreTexts } from "./english/restoreTexts.ts";
import type { retentionTexts } from "./english/retentionTexts.ts";
import type { recreatingTexts } from "./english/recreatingTexts.ts";
import type { wakeUpTexts } from "./english/wakeUpTexts.ts";

/** Some of the English texts; which placeholders each has is read off its type. */
export type TextArea = Readonly<Record<string, string | PluralForms>>;

/** Every English text, in the words that its placeholders are typed by. */
export type EnglishTexts = typeof activationTexts &
  typeof closingTexts &
  typeof restoredConversationTexts &
  typeof dueTexts &
  typeof gapTexts &
  typeof healthTexts &
  typeof importedTexts &
  typeof lacksTexts &
  typeof nextRunTexts &
  typeof noticeTexts &
  typeof notRestoredTexts &
  typeof partialTexts &
  typeof readOnlyModeTexts &
  typeof remainingTexts &
  typeof reminderTexts &
  typeof restoreTexts &
  typeof retentionTexts &
  typeof recreatingTexts &
  typeof wakeUpTexts;

export type TextKey = keyof EnglishTexts;

/**
 * The texts in one language, as plain data that fits into a JSON file. Missing texts appear in English.
 *
 * `{name}` stands for a value. A text whose English one has several forms may have those of its own language, chosen by the
 * value called `count`.
 */
export type TextCatalogue = {
  /** A BCP 47 tag, such as `"pt-BR"`: the language of the texts, and how numbers and dates are written. */
  readonly locale: string;
  readonly texts: { readonly [Key in TextKey]?: EnglishTexts[Key] extends string ? string : string | PluralForms };
};

/** What every function that makes words takes. */
export type TextOptions = {
  /** @default English */
  texts?: TextCatalogue | undefined;
};

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

type Names<Text> = Text extends string ? Placeholders<Text> : Placeholders<Text[keyof Text]> | "count";

/** What the placeholders of a text stand for; a text without placeholders takes no values. */
export type TextValues<Text> = [Names<Text>] extends [never] ? [] : [values: Readonly<Record<Names<Text>, string | number>>];
