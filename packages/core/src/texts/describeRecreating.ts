import { recreatingTexts } from "./english/recreatingTexts.ts";
import { plainName } from "./plainName.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** A question with its two answers. */
export type QuestionText = { title: string; body: string; confirm: string; cancel: string };

export type RecreatingTextOptions = TextOptions & {
  /** The person's name, for a single DM. @default none */
  name?: string | undefined;
};

/**
 * Asks whether to start so many DMs again, and says what that does.
 *
 * @example
 * ```ts
 * import { type Backups, describeRecreating, type QuestionText } from "@xmtp-backup/core";
 *
 * async function offerRecreating(backups: Backups, ids: readonly string[], ask: (question: QuestionText) => Promise<boolean>): Promise<void> {
 *   if (await ask(describeRecreating(ids.length))) await backups.recreateDms(ids);
 * }
 * ```
 */
export function describeRecreating(count: number, { texts, name: givenName }: RecreatingTextOptions = {}): QuestionText {
  const say = speak(recreatingTexts, texts);
  const name = count === 1 ? plainName(givenName) : undefined;
  return {
    title: name === undefined ? say("recreating.title", { count }) : say("recreating.title.named", { name }),
    body: name === undefined ? say("recreating.body", { count }) : say("recreating.body.named", { name }),
    confirm: say("recreating.confirm"),
    cancel: say("recreating.cancel"),
  };
}
