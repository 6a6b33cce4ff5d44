import type { OpenEntry } from "../archives/openStored.ts";
import { keyForArchive, lookAtKeys } from "../archives/keysAtHand.ts";
import { listArchives } from "../archives/listArchives.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { HostIdentity } from "../ports/host.ts";
import { readDamaged } from "../retention/damagedNote.ts";
import { copyName } from "./copyOfWhole.ts";
import { readDistrusted } from "./reusedArchive.ts";
import { canBuildOn } from "./rules/canBuildOn.ts";

/** The last whole archive, at hand, with the key that made it, which is to be overwritten after use. Its bytes are not read yet. */
export type LastWhole = { entry: OpenEntry; blob: Blob; key: Uint8Array };

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
    const avoided = [(await readDamaged(journal, options))?.id, await readDistrusted(journal, options)];
    const entries = await listArchives(store, manifestKeys, options);
    const entry = entries.find(
      (each): each is OpenEntry =>
        each.seal === "open" &&
        !avoided.includes(each.id) &&
        (copies === undefined || copies.has(copyName(each.id))) &&
        canBuildOn(each.details, identity, reuse.freshEvery, clock.now()),
    );
    if (!entry) return undefined;
    const blob = copies
      ? await host.kept?.get(copyName(entry.id), options)
      : await store.get(entry.id, { ...options, maxBytes: entry.sizeBytes });
    if (blob?.size !== entry.sizeBytes) {
      log("info", { event: "archive.notReused", archiveId: entry.id });
      return undefined;
    }
    return { entry, blob, key: await keyForArchive(keys, entry.keyFingerprint, options) };
  } catch {
    options.signal?.throwIfAborted();
    return undefined;
  }
}

async function copiesOf({ host }: Dependencies, options: CallOptions): Promise<Set<string>> {
  return new Set((await host.kept?.list(options))?.map(({ name }) => name));
}
