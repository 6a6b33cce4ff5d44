import { isBackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";

/**
 * Whether the store still has the bytes of an archive. A store that can't say how large it is (`sizeOf`) is asked for the archive, of which
 * only the beginning is downloaded.
 *
 * @throws what the store throws when it can't be asked
 */
export async function hasBytes(store: ArchiveStore, id: ArchiveId, sizeBytes: number, options: CallOptions = {}): Promise<boolean> {
  if (!store.sizeOf) return canGet(store, id, sizeBytes, options);
  try {
    return ((await store.sizeOf(id, options)) ?? sizeBytes) === sizeBytes;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isBackupError(error) && error.code === "ARCHIVE_NOT_FOUND") return false;
    throw error;
  }
}

async function canGet(store: ArchiveStore, id: ArchiveId, sizeBytes: number, { signal }: CallOptions): Promise<boolean> {
  const enough = new AbortController();
  const stop = () => enough.abort(signal?.reason);
  let isSeen = false;
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });

  async function see(bytes: ReadableStream<Uint8Array>): Promise<Blob> {
    const reader = bytes.getReader();
    const { done } = await reader.read();
    isSeen = !done;
    enough.abort(new Error("The beginning was enough."));
    await reader.cancel().catch(() => undefined);
    return new Blob([]);
  }

  try {
    const blob = await store.get(id, { signal: enough.signal, spool: see });
    return isSeen || blob.size === sizeBytes;
  } catch (error) {
    signal?.throwIfAborted();
    if (isSeen) return true;
    if (isBackupError(error) && error.code === "ARCHIVE_NOT_FOUND") return false;
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
