import type { Backups, InterruptedTask } from "@xmtp-backup/core";
import { type Chat, createChat } from "./chat.ts";
import type { OpenDevice } from "./openDevice.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { createSettings, type Settings } from "./settings.ts";

/** What the app works with while the user is signed in. */
export type OpenSession = {
  readonly backups: Backups;
  readonly chat: Chat;
  readonly settings: Settings;
  readonly recovery: Recovery;
  /** What an earlier page left unfinished, if anything. */
  readonly interrupted: InterruptedTask | undefined;
  /** This device has no conversations, and there are archives to restore them from. */
  readonly offerRestore: boolean;
};

/** The session over the device that this tab opened. */
export async function openSession({ client, host, keys, bobInboxId }: OpenDevice, backups: Backups): Promise<OpenSession> {
  const interrupted = await backups.start();
  const [archives, conversations] = await Promise.all([backups.list(), client.conversations.list()]);
  return {
    backups,
    chat: createChat(client, host, backups, bobInboxId),
    settings: createSettings(backups),
    recovery: createRecovery(keys, backups),
    interrupted,
    offerRestore: archives.length > 0 && conversations.length === 0,
  };
}
