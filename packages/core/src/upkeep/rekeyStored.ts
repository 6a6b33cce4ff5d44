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
import { fingerprintOf, toManifestKey } from "../archives/manifestKey.ts";
import { joinPoint } from "../archives/joinPoint.ts";
import { listArchives } from "../archives/listArchives.ts";
import { type StoredPoint, withPoint } from "../archives/openPoint.ts";
import { dependentsOf } from "../archives/dependentsOf.ts";
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
  return withPoint(dependencies, id, options, async (stored) => {
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

/**
 * Puts a whole archive in the place of an increment, with all that it is based on, and needs no client for it. The archives before it
 * stay. An archive that is no increment stays as it is.
 *
 * @throws as `verifyStored` does, and what a store throws that is full or can't be written
 */
export function consolidateStored(dependencies: Dependencies, id: ArchiveId, options: TransferOptions = {}): Promise<ArchiveEntry> {
  return withPoint(dependencies, id, options, (stored) =>
    stored.chain.length < 2 ? stored.entry : replaceByCopy(dependencies, stored, stored.key, options),
  );
}

async function replaceByCopy(
  dependencies: Dependencies,
  stored: StoredPoint,
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
      const { createdAtMs, details } = await withPoint(dependencies, id, options, ({ entry }) => entry);
      const { increment: _increment, ...whole } = details;
      const outline = { id: copyId, createdAtMs, sizeBytes: copy.blob.size };
      return callPort(options, "STORE_FAILED", "The archive could not be replaced.", async () => {
        const entry = await writeManifest(store, outline, { ...whole, sha256, records, verifiedAtMs: clock.now() }, newest, options);
        // Until it was listed, another device may have taken it for a given-up upload.
        if (!(await hasBytes(store, copyId, copy.blob.size, options)))
          throw new BackupError("STORE_MISMATCH", "The store lost the copy before it was in place.");
        isListed = true;
        // Increments that are based on it need its very bytes.
        const manifestKey = await toManifestKey(stored.key);
        const isNeeded = dependentsOf(await listArchives(store, [manifestKey], options), id).length > 0;
        if (!isNeeded) await store.remove(id);
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
  stored: StoredPoint,
  key: Uint8Array,
  options: TransferOptions,
): Promise<TemporaryArchive> {
  const { host } = dependencies;
  const { signal } = options;
  const downloads = createDownloads(host);
  try {
    const blobs = await fetchWhole(dependencies, stored, downloads, options);
    return await callPort({ signal }, "HOST_FAILED", "The archive could not be encrypted again.", async () => {
      const parts = stored.chain.map(({ id, details }, index) => ({ id, details, blob: blobs[index] ?? new Blob([]) }));
      if (parts.length > 1) return (await joinPoint(host, parts, stored.key, { signal, joinedKey: key })).archive;
      const { stream } = await mergeArchives(
        parts.map(({ blob }) => ({ blob, key: stored.key })),
        key,
        {
          signal,
          primitives: host.primitives,
        },
      );
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
  { entry: { details } }: StoredPoint,
  { signal }: CallOptions,
): Promise<InspectedArchive> {
  const inspected = await inspectArchive(copy, key, { signal, primitives: host.primitives });
  // How many records a joined archive has is counted here for the first time.
  assertAsListed(inspected, details.increment ? { ...details, records: inspected.records } : details);
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
