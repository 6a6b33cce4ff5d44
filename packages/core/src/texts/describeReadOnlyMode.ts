import { readOnlyModeTexts } from "./english/readOnlyModeTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What read-only mode is, for a screen of its own or an information sheet. */
export type ReadOnlyModeText = {
  title: string;
  /** Why it is so. */
  explanation: string;
  /** What happens without the user, and how long it takes. */
  howItEnds: string;
  /** What the user can do. */
  action: string;
};

/** Explains why restored conversations are read-only, what happens automatically and what the user can do. */
export function describeReadOnlyMode({ texts }: TextOptions = {}): ReadOnlyModeText {
  const say = speak(readOnlyModeTexts, texts);
  return {
    title: say("readOnly.title"),
    explanation: say("readOnly.explanation"),
    howItEnds: say("readOnly.howItEnds"),
    action: say("readOnly.action"),
  };
}
