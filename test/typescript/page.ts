// An app in a page: the same, with the bindings.
import { browserHost, indexedDbKeys, opfsStore, shareBackups } from "@xmtp-backup/browser";
import { createBackups, describeNotice } from "@xmtp-backup/core";
import { passkey } from "@xmtp-backup/keys/passkey";
import { useBackup, useConversationActive } from "@xmtp-backup/react";
import { googleDriveStore } from "@xmtp-backup/stores/google-drive";
import { httpStore } from "@xmtp-backup/stores/http";
import { mirror } from "@xmtp-backup/stores/mirror";
import { webdavStore } from "@xmtp-backup/stores/webdav";
import { provideBackups } from "@xmtp-backup/vue";
import type { Client } from "@xmtp/browser-sdk";

export async function keepSafe(client: Client) {
  const backups = createBackups({ host: browserHost(client), store: opfsStore(), keys: indexedDbKeys() });
  const [newest] = await backups.list();
  if (newest) await backups.restore(newest, { confirm: true }).result;
  backups.activationNotices$.subscribe((notice) => console.log(describeNotice(notice, { nowMs: Date.now() }).title));
  return backups;
}

export const others = {
  shareBackups,
  passkey,
  useBackup,
  useConversationActive,
  googleDriveStore,
  httpStore,
  mirror,
  webdavStore,
  provideBackups,
};
