import { joinPoint } from "../archives/joinPoint.ts";
import { chainOf } from "../archives/openPoint.ts";
import type { OpenEntry } from "../archives/openStored.ts";
import { keyForArchive, lookAtKeys } from "../archives/keysAtHand.ts";
import { listArchives } from "../archives/listArchives.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { HostIdentity } from "../ports/host.ts";
import { readDamaged } from "../retention/damagedNote.ts";
import { copyName } from "./copyOfWhole.ts";
import { type LastPart, readDistrusted } from "./reusedArchive.ts";
import { canBuildOn } from "./rules/canBuildOn.ts";

/** The last whole archive, or restore point, at hand, with the key that opens its bytes, which is to be overwritten after use. */
export type LastWhole = {
  entry: OpenEntry;
  blob: Blob;
  key: Uint8Array;
  /** The hash of the bytes; absent for those of a restore point, which were checked when they were joined. */
  sha256?: string;
  /** The archives of the restore point, the whole one first. */
  chain: readonly LastPart[];
  /** Gives back what was made of them. */
  release(): Promise<void>;
};

/**
 * The newest whole archive of this installation that a backup may build on, if its bytes are on this device: in the store itself, or in
 * the host's copy. Whatever goes wrong is no failure: then everything is exported.
 */
export async function findLastWhole(
  dependencies: Dependencies,
  identity: HostIdentity,
  options: CallOptions,
): Promise<LastWhole | undefined> {
  const { host, store, keys, journal, clock, log, reuse } = dependencies;
  if (!reuse || !host.revisionOf) return undefined;
  try {
    const copies = store.features.local ? undefined : await copiesOf(dependencies, options);
    if (copies?.size === 0) return undefined;
    const { manifestKeys } = await lookAtKeys(keys, options);
    const distrustedId = await readDistrusted(journal, options);
    const avoided = [(await readDamaged(journal, options))?.id, distrustedId];
    const entries = await listArchives(store, manifestKeys, options);
    // What failed on one point would fail on the points before it.
    const distrustedMs = entries.find(({ id }) => id === distrustedId)?.createdAtMs ?? -Infinity;
    const entry = entries.find(
      (each): each is OpenEntry =>
        each.seal === "open" &&
        each.createdAtMs > distrustedMs &&
        (each.chain ?? [each.id]).every((id) => !avoided.includes(id) && (copies === undefined || copies.has(copyName(id)))) &&
        canBuildOn(each.details, identity, reuse.freshEvery, clock.now()),
    );
    if (!entry) return undefined;
    const chain: LastPart[] = [];
    for (const part of chainOf(entries, entry.id)) {
      const blob = copies
        ? await host.kept?.get(copyName(part.id), options)
        : await store.get(part.id, { ...options, maxBytes: part.sizeBytes });
      if (blob?.size !== part.sizeBytes) {
        log("info", { event: "archive.notReused", archiveId: part.id });
        return undefined;
      }
      chain.push({ entry: part, blob });
    }
    return await openChain(dependencies, entry, chain, await keyForArchive(keys, entry.keyFingerprint, options), options);
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}

async function openChain(
  { host, log }: Dependencies,
  entry: OpenEntry,
  chain: readonly LastPart[],
  key: Uint8Array,
  options: CallOptions,
): Promise<LastWhole | undefined> {
  const [{ blob } = { blob: undefined }] = chain;
  if (blob && chain.length === 1) return { entry, blob, key, sha256: entry.details.sha256, chain, release: async () => undefined };
  try {
    const parts = chain.map(({ entry: { id, details }, blob: bytes }) => ({ id, details, blob: bytes }));
    const { archive, key: joinedKey } = await joinPoint(host, parts, key, options);
    return { entry, blob: archive.blob, key: joinedKey, chain, release: archive.release };
  } catch {
    options.signal?.throwIfAborted();
    log("info", { event: "archive.notReused", archiveId: entry.id });
    return undefined;
  } finally {
    key.fill(0);
  }
}

async function copiesOf({ host }: Dependencies, options: CallOptions): Promise<Set<string>> {
  return new Set((await host.kept?.list(options))?.map(({ name }) => name));
}
