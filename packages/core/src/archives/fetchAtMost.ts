import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import type { Downloads } from "./createDownloads.ts";

/**
 * The bytes of an archive whose size is known, until the downloads are released. A store is asked for no more than those, and what keeps
 * them stops at the first byte beyond, whatever the store does.
 *
 * @throws STORE_MISMATCH when the store gives more
 */
export async function fetchAtMost(
  store: ArchiveStore,
  id: ArchiveId,
  maxBytes: number,
  { spool }: Downloads,
  options: TransferOptions,
): Promise<Blob> {
  let excess: BackupError | undefined;
  const bounded = (bytes: ReadableStream<Uint8Array>) =>
    spool(
      atMost(bytes, maxBytes, () => {
        excess = tooMany(maxBytes);
        return excess;
      }),
    );
  try {
    const blob = await store.get(id, { ...options, maxBytes, spool: bounded });
    if (blob.size <= maxBytes) return blob;
  } catch (error) {
    options.signal?.throwIfAborted();
    // Stores say of a spool that failed what they say of a full disk.
    throw excess ?? error;
  }
  throw tooMany(maxBytes);
}

function tooMany(maxBytes: number): BackupError {
  return new BackupError("STORE_MISMATCH", "The store gives back other bytes than were stored.", {
    details: `It gives more than the ${maxBytes} bytes that were stored.`,
  });
}

/** The same bytes; at the first one beyond `maxBytes` the stream fails and its source is let go. */
function atMost(bytes: ReadableStream<Uint8Array>, maxBytes: number, fail: () => Error): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  let doneBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) return controller.close();
      doneBytes += value.length;
      if (doneBytes <= maxBytes) return controller.enqueue(value);
      const error = fail();
      controller.error(error);
      await reader.cancel(error).catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
