import { readArchive } from "@xmtp-backup/archive";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveDetails } from "../model/archiveEntry.ts";
import type { Host, HostIdentity } from "../ports/host.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { RestoreOptions } from "./restoreOptions.ts";

/** @throws ARCHIVE_OTHER_INBOX unless the archive is this inbox's, or the caller insists */
export function assertOwnInbox({ inboxId }: HostIdentity, details: ArchiveDetails | undefined, { allowOtherInbox = false }: RestoreOptions): void {
  if (!details || allowOtherInbox || details.inboxId === inboxId) return;
  throw otherInbox();
}

/**
 * Judges an archive by its DMs when no manifest says whose it is: the inbox is a member of each of its own.
 *
 * One without DMs passes, since nothing in it tells.
 *
 * @throws ARCHIVE_OTHER_INBOX when a DM is between two others, unless the caller insists
 */
export async function assertOwnDms(
  { inboxId }: HostIdentity,
  archive: Blob,
  key: Uint8Array,
  { allowOtherInbox = false }: RestoreOptions,
  { signal, primitives }: CallOptions & { primitives: Host["primitives"] },
): Promise<void> {
  if (allowOtherInbox) return;
  for await (const record of readArchive(archive, key, { signal, primitives })) {
    if (record.kind === "message") return;
    if (record.kind === "group" && record.group.dmId && !record.group.dmId.split(":").includes(inboxId)) throw otherInbox();
  }
}

function otherInbox(): BackupError {
  return new BackupError("ARCHIVE_OTHER_INBOX", "This archive holds the messages of another inbox.");
}
