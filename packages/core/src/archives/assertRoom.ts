import { BackupError } from "../errors/backupError.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { FreeBytesOptions, Host } from "../ports/host.ts";
import type { ArchiveSize } from "./archiveSizeNote.ts";

/** The fewest bytes that a message takes in an archive: its ids, its times and its frame. */
const leastMessageBytes = 256;

/**
 * Looks for room before anything is exported: the export may take minutes.
 *
 * A backup keeps its parts and the merged archive on this device for a moment, and one copy in the store. An unknown size never stops a
 * backup.
 *
 * @throws DEVICE_FULL when the parts and the archive don't fit on this device
 * @throws STORE_FULL when the archive does not fit into the store
 */
export async function assertRoom(
  host: Host,
  store: ArchiveStore,
  messages: number,
  last: ArchiveSize | undefined,
  { signal }: CallOptions,
): Promise<void> {
  const archiveBytes = leastBytes(messages, last);
  const [freeBytes, usage] = await Promise.all([freeOn(host, signal), store.usage?.({ signal }).catch(() => undefined)]);
  signal?.throwIfAborted();
  assertFits("DEVICE_FULL", "This device has no room for the backup.", archiveBytes * 2, freeBytes);
  assertFits("STORE_FULL", "The place for archives has no room for the backup.", archiveBytes, usage && usage.totalBytes - usage.usedBytes);
}

/**
 * What an archive of so many messages takes at least: as much as the last one, where no message is gone, and the fewest bytes for each
 * that is new.
 */
function leastBytes(messages: number, last: ArchiveSize | undefined): number {
  const isGrown = last !== undefined && messages >= last.messages;
  return isGrown ? last.sizeBytes + (messages - last.messages) * leastMessageBytes : messages * leastMessageBytes;
}

/**
 * Looks for room before an archive is downloaded.
 *
 * @throws DEVICE_FULL when it does not fit on this device
 */
export async function assertRoomFor(host: Host, sizeBytes: number, { signal }: CallOptions): Promise<void> {
  assertFits("DEVICE_FULL", "This device has no room for the archive.", sizeBytes, await freeOn(host, signal));
}

/**
 * Looks for room after an import that left something out: some versions of the SDK say nothing when their
 * database can't grow (docs/sdk-facts.md#silent-import-on-a-full-disk).
 *
 * @param missingBytes - what the archive holds of what is missing
 * @throws DEVICE_FULL when it does not fit into the client's database
 */
export async function assertRoomForMissing(host: Host, missingBytes: number, { signal }: CallOptions): Promise<void> {
  assertFits("DEVICE_FULL", "This device had no room for all that was restored.", missingBytes, await freeOn(host, signal, "database"));
}

async function freeOn(
  host: Host,
  signal: AbortSignal | undefined,
  of: NonNullable<FreeBytesOptions["of"]> = "files",
): Promise<number | undefined> {
  const freeBytes = await host.freeBytes?.({ signal, of }).catch(() => undefined);
  signal?.throwIfAborted();
  return freeBytes;
}

function assertFits(code: "DEVICE_FULL" | "STORE_FULL", shortMessage: string, neededBytes: number, freeBytes: number | undefined): void {
  if (freeBytes === undefined || freeBytes >= neededBytes) return;
  throw new BackupError(code, shortMessage, {
    details: `It needs about ${megabytes(neededBytes)}, and ${megabytes(Math.max(0, freeBytes))} are free.`,
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
