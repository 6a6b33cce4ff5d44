import type { ActivationNotice } from "../activation/rules/activationNotice.ts";
import { describeRestoredConversation, type ConversationTextOptions } from "./describeRestoredConversation.ts";
import { noticeTexts } from "./english/noticeTexts.ts";
import { speak } from "./speak.ts";

/** What a notification shows. */
export type NoticeText = { title: string; body: string };

/**
 * Says what a notification of restored conversations shows; one that is stalled is called by the name that is passed.
 *
 * @example
 * ```ts
 * import { type Backups, describeNotice } from "@xmtp-backup/core";
 *
 * function notify(backups: Backups, show: (title: string, body: string) => void): void {
 *   backups.activationNotices$.subscribe((notice) => {
 *     const { title, body } = describeNotice(notice, { nowMs: Date.now() });
 *     show(title, body);
 *   });
 * }
 * ```
 */
export function describeNotice(notice: ActivationNotice, options: ConversationTextOptions): NoticeText {
  if (notice.type === "stalled") {
    const { title, text, action } = describeRestoredConversation(notice.conversation, options);
    return { title, body: action === undefined ? text : `${text} ${action}` };
  }
  const say = speak(noticeTexts, options.texts);
  const { type, active, total } = notice;
  if (!knownTypes.has(type)) return { title: say("notice.unknown.title"), body: say("notice.unknown.body") };
  const count = total - active;
  if (type === "all" || count <= 0) {
    return { title: say("notice.all.title", { count: total }), body: say(total === 1 ? "notice.all.body.one" : "notice.all.body") };
  }
  if (type === "first") return { title: say("notice.first.title", { count: active }), body: say("notice.first.body", { count }) };
  return {
    title: say(active * 2 > total ? "notice.half.title.more" : "notice.half.title"),
    body: say("notice.half.body", { active, total, count }),
  };
}

/** Another version of the app may give others. */
const knownTypes = new Set<string>(["first", "half", "all"]);
