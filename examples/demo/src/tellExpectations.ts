import { type Backups, describeActivation, describeRestoredConversation, describeNotice, describeWakeUp } from "@xmtp-backup/core";
import type { Narrator } from "./narrator.ts";

/** Says what the app would show of each read-only conversation, and which other device could help. */
export async function tellExpectations(backups: Backups, titles: ReadonlyMap<string, string>, narrator: Narrator): Promise<void> {
  backups.activation$
    .subscribe((state) => {
      for (const conversation of state.conversations) {
        const { badge, title, text } = describeRestoredConversation(conversation, { nowMs: Date.now(), name: titles.get(conversation.id) });
        narrator.say(`[${badge}] ${title}: ${text}`);
      }
      narrator.say(describeActivation(state).progress);
    })
    .unsubscribe();
  const { installations } = describeWakeUp(await backups.otherInstallations(), { timeZone: "UTC" });
  for (const { label } of installations) narrator.say(`her other installation: ${label}`);
}

/** Says each notification that the app would show, as it comes. */
export function tellNotices(backups: Backups, narrator: Narrator): void {
  backups.activationNotices$.subscribe((notice) => {
    const { title, body } = describeNotice(notice, { nowMs: Date.now() });
    narrator.say(`🔔 ${title}. ${body}`);
  });
}
