import { hashArchive, mergeArchives } from "@xmtp-backup/archive";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { CallOptions, TransferOptions } from "../ports/callOptions.ts";
import type { TemporaryArchive } from "../ports/host.ts";
import { newestKey } from "../archives/keysAtHand.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { createDownloads } from "../archives/createDownloads.ts";
import { fetchAtMost } from "../archives/fetchAtMost.ts";
import { hasBytes } from "../archives/hasBytes.ts";
import { inTurn } from "../archives/inTurn.ts";
import { type InspectedArchive, inspectArchive } from "../archives/inspectArchive.ts";
import { fingerprintOf } from "../archives/manifestKey.ts";
import { type StoredArchive, withStored } from "../archives/openStored.ts";
import { assertAsListed, fetchWhole } from "./verifyStored.ts";
import { writeManifest } from "../archives/writeManifest.ts";

/**
 * Puts a copy of a stored archive, encrypted with the newest key, in its place. The copy is read back and listed before the old one is
 * removed, and looked for once more in between. So a kill at any time leaves at least one of them. An archive that has the newest key
 * stays as it is.
 *
 * `onProgress` grows to the size of the archive while it is fetched and checked; what follows takes about as long again.
 *
 * @throws as `verifyStored` does, and what a store throws that is full or can't be written
 */
export function rekeyStored(dependencies: Dependencies, id: ArchiveId, options: TransferOptions = {}): Promise<ArchiveEntry> {
  return withStored(dependencies, id, options, async (stored) => {
    const newest = await newestKey(dependencies.keys, options);
    try {
      return newest && (await fingerprintOf(newest)) !== stored.entry.keyFingerprint
        ? await replaceByCopy(dependencies, stored, newest, options)
        : stored.entry;
    } finally {
      newest?.fill(0);
    }
  });
}

async function replaceByCopy(
  dependencies: Dependencies,
  stored: StoredArchive,
  newest: Uint8Array,
  options: TransferOptions,
): Promise<ArchiveEntry> {
  const { store, clock } = dependencies;
  const { id } = stored.entry;
  const copy = await encryptAnew(dependencies, stored, newest, options);
  const copyId = crypto.randomUUID();
  let isListed = false;
  try {
    const { preview, records } = await assertSame(dependencies, copy.blob, newest, stored, options);
    const { sha256 } = preview;
    await putConfirmed(dependencies, copyId, copy.blob, sha256, options);
    return await inTurn(store, options, async () => {
      // A name or a pin of meanwhile counts; one that was removed meanwhile stays removed.
      const { createdAtMs, details } = await withStored(dependencies, id, options, ({ entry }) => entry);
      const outline = { id: copyId, createdAtMs, sizeBytes: copy.blob.size };
      return callPort(options, "STORE_FAILED", "The archive could not be replaced.", async () => {
        const entry = await writeManifest(store, outline, { ...details, sha256, records, verifiedAtMs: clock.now() }, newest, options);
        // Until it was listed, another device may have taken it for a given-up upload.
        if (!(await hasBytes(store, copyId, copy.blob.size, options)))
          throw new BackupError("STORE_MISMATCH", "The store lost the copy before it was in place.");
        isListed = true;
        await store.remove(id);
        return entry;
      });
    });
  } catch (error) {
    // The old one is there still. Where this fails, the copy is removed once it is a week old, as every upload that is not listed.
    if (!isListed) await store.remove(copyId).catch(() => undefined);
    throw error;
  } finally {
    await copy.release();
  }
}

async function encryptAnew(
  dependencies: Dependencies,
  stored: StoredArchive,
  key: Uint8Array,
  options: TransferOptions,
): Promise<TemporaryArchive> {
  const { host } = dependencies;
  const { signal } = options;
  const downloads = createDownloads(host);
  try {
    const blob = await fetchWhole(dependencies, stored, downloads, options);
    return await callPort({ signal }, "HOST_FAILED", "The archive could not be encrypted again.", async () => {
      const { stream } = await mergeArchives([{ blob, key: stored.key }], key, { signal, primitives: host.primitives });
      return host.spool(stream, { signal });
    });
  } finally {
    await downloads.release();
  }
}

async function assertSame(
  { host }: Dependencies,
  copy: Blob,
  key: Uint8Array,
  { entry }: StoredArchive,
  { signal }: CallOptions,
): Promise<InspectedArchive> {
  const inspected = await inspectArchive(copy, key, { signal, primitives: host.primitives });
  assertAsListed(inspected, entry.details);
  return inspected;
}

function putConfirmed({ host, store }: Dependencies, id: ArchiveId, blob: Blob, sha256: string, { signal }: CallOptions): Promise<void> {
  return callPort({ signal }, "STORE_FAILED", "The archive could not be stored.", async () => {
    await store.put(id, blob, { signal });
    const downloads = createDownloads(host);
    try {
      const kept = await fetchAtMost(store, id, blob.size, downloads, { signal });
      if (kept.size === blob.size && (await hashArchive(kept, { signal, primitives: host.primitives })) === sha256) return;
      throw new BackupError("STORE_MISMATCH", "The store gives back other bytes than were stored.");
    } finally {
      await downloads.release();
    }
  });
}
