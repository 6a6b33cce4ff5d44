import type { Imported } from "../imported/imported.ts";
import { importedTexts } from "./english/importedTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/**
 * Says how much an import brought that was not on this device before: "12 new messages in 3 conversations".
 *
 * @example
 * ```ts
 * import { describeImported, type RestoreResult } from "@xmtp-backup/core";
 *
 * const summaryOf = ({ imported }: RestoreResult): string => describeImported(imported);
 * ```
 */
export function describeImported(conversations: Imported["conversations"], { texts }: TextOptions = {}): string {
  const say = speak(importedTexts, texts);
  if (conversations.length === 0) return say("imported.none");
  const spoken = conversations.filter(({ messages }) => messages > 0);
  if (spoken.length === 0) return say("imported.silent", { count: conversations.length });
  const messages = spoken.reduce((sum, each) => sum + each.messages, 0);
  return say("imported.some", {
    messages: say("imported.messages", { count: messages }),
    conversations: say("imported.conversations", { count: spoken.length }),
  });
}
