import { BackupError } from "../errors/backupError.ts";
import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import { isSameNetwork } from "../ports/network.ts";
import type { InspectedArchive } from "../archives/inspectArchive.ts";
import type { HostIdentity } from "../ports/host.ts";
import type { RestoreOptions } from "./restoreOptions.ts";

/**
 * Judges an archive by what its manifest says under its seal, since the SDK would take it (docs/sdk-facts.md#import-accepts-any-inbox).
 *
 * @throws ARCHIVE_OTHER_INBOX unless the archive is this inbox's, or the caller insists
 * @throws ARCHIVE_OTHER_NETWORK unless it is of the network that the client is connected to, or the caller insists
 */
export function assertOwnArchive(
  { inboxId, network }: HostIdentity,
  details: ArchiveDetails,
  { allowOtherInbox = false, allowOtherNetwork = false }: RestoreOptions,
): void {
  if (!allowOtherInbox && details.inboxId !== inboxId) throw otherInbox();
  if (allowOtherNetwork || isSameNetwork(details.network, network)) return;
  throw new BackupError("ARCHIVE_OTHER_NETWORK", "This archive holds the messages of another XMTP network.", {
    details: `It was made on ${details.network}, this client is on ${network}.`,
  });
}

/**
 * Judges a verified archive by its DMs when no manifest says whose it is: the inbox is a member of each of its own.
 *
 * Answers whether any DM proved it; one without DMs passes, since nothing in it tells. A DM whose id is malformed tells nothing.
 *
 * @throws ARCHIVE_OTHER_INBOX when a DM is between two others, unless the caller insists
 */
export function assertOwnDms(
  { inboxId }: HostIdentity,
  { dmPairs }: Pick<InspectedArchive, "dmPairs">,
  { allowOtherInbox = false }: RestoreOptions,
): boolean {
  if (allowOtherInbox) return false;
  if (dmPairs.some((pair) => !pair.includes(inboxId))) throw otherInbox();
  return dmPairs.length > 0;
}

function otherInbox(): BackupError {
  return new BackupError("ARCHIVE_OTHER_INBOX", "This archive holds the messages of another inbox.");
}
