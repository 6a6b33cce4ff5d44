import { stitchingTexts } from "./english/stitchingTexts.ts";
import { plainName } from "./plainName.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** A question with its two answers. */
export type QuestionText = { title: string; body: string; confirm: string; cancel: string };

export type StitchingTextOptions = TextOptions & {
  /** The person's name, for a single DM. @default none */
  name?: string | undefined;
};

/**
 * Asks whether to start so many DMs again, and says what that does.
 *
 * @example
 * ```ts
 * import { type Backups, describeStitching, type QuestionText } from "@xmtp-backup/core";
 *
 * async function offerStitching(backups: Backups, ids: readonly string[], ask: (question: QuestionText) => Promise<boolean>): Promise<void> {
 *   if (await ask(describeStitching(ids.length))) await backups.stitchDms(ids);
 * }
 * ```
 */
export function describeStitching(count: number, { texts, name: givenName }: StitchingTextOptions = {}): QuestionText {
  const say = speak(stitchingTexts, texts);
  const name = count === 1 ? plainName(givenName) : undefined;
  return {
    title: name === undefined ? say("stitching.title", { count }) : say("stitching.title.named", { name }),
    body: name === undefined ? say("stitching.body", { count }) : say("stitching.body.named", { name }),
    confirm: say("stitching.confirm"),
    cancel: say("stitching.cancel"),
  };
}
