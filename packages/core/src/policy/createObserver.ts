import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { extentOf } from "../retention/rules/isWhole.ts";
import type { Observation } from "./rules/observation.ts";
import { hourMs } from "../time/wallTime.ts";
import { readAccepted } from "../retention/acceptedNote.ts";
import { type KeysAtHand, lookAtKeys } from "../archives/keysAtHand.ts";
import { currentInstallations } from "../archives/currentInstallations.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { randomPart } from "../time/randomPart.ts";
import { openStore } from "../ports/openStore.ts";
import { listArchives } from "../archives/listArchives.ts";

export type Observer = {
  /** Looks at the world; what can't be known now is absent. */
  observe(signal: AbortSignal): Promise<Observation>;
  /** The store or the inbox is another than at the last look. */
  forgetArchives(): void;
};

/** How long a list of archives or installations counts, in milliseconds: another device may add or remove some. */
const listLastsMs = 6 * hourMs;

/** Looks at client, store, keys, device and clock for the policy; asks the store only when its list may have changed. */
export function createObserver(dependencies: Dependencies): Observer {
  const { host, store, keys, clock, device, journal, allowNewKey = false } = dependencies;
  let installed: { ids: readonly string[]; atMs: number } | undefined;
  /** The client has held a conversation: it is not empty any more. */
  let hasHistory = false;
  let listed: { archives: ArchiveEntry[]; atMs: number; keyFingerprints: string } | undefined;
  /** Goes up whenever the store has changed: a list that was under way then is out of date. */
  let changes = 0;

  async function listIfNeeded(atHand: KeysAtHand | undefined, signal: AbortSignal): Promise<ArchiveEntry[] | undefined> {
    if (!atHand) return undefined;
    const nowMs = clock.now();
    // A key that has come opens what was closed at the last look.
    const keyFingerprints = atHand.manifestKeys.map(({ fingerprint }) => fingerprint).join();
    if (listed?.keyFingerprints === keyFingerprints && nowMs >= listed.atMs && nowMs - listed.atMs < listLastsMs) return listed.archives;
    const changesBefore = changes;
    try {
      await openStore(store, { signal });
      const archives = await listArchives(store, atHand.manifestKeys, { signal });
      if (changes === changesBefore) listed = { archives, atMs: nowMs, keyFingerprints };
      return archives;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  async function installationsIfNeeded(signal: AbortSignal): Promise<readonly string[] | undefined> {
    const nowMs = clock.now();
    if (installed && nowMs >= installed.atMs && nowMs - installed.atMs < listLastsMs) return installed.ids;
    const ids = await currentInstallations(dependencies, { signal });
    installed = ids && { ids, atMs: nowMs };
    return ids;
  }

  /** Whether the client holds no conversation; undefined where an archive of its whole history is listed. A client that can't say so may hold some. */
  async function emptyIfNeeded(
    archives: readonly ArchiveEntry[] | undefined,
    installationId: string,
    signal: AbortSignal,
  ): Promise<boolean | undefined> {
    if (!archives || archives.some(({ details }) => details?.installationId === installationId && extentOf(details) === "history"))
      return undefined;
    if (hasHistory) return false;
    const onBroken = () => void (hasHistory = true);
    const conversations = await host.listConversations({ signal, onBroken }).catch(() => signal.throwIfAborted());
    if (!conversations) return undefined;
    hasHistory ||= conversations.length > 0;
    return !hasHistory;
  }

  return {
    async observe(signal) {
      const { inboxId, installationId, network } = await host.identity({ signal });
      const atHand = await lookAtKeys(keys, { signal }).catch(() => signal.throwIfAborted());
      const [archives, conditions, storage, currentInstallationIds, accepted] = await Promise.all([
        listIfNeeded(atHand ?? undefined, signal),
        device.conditions({ signal }).catch(() => ({})),
        store.usage?.({ signal }).catch(() => undefined),
        installationsIfNeeded(signal),
        readAccepted(journal, { signal }),
      ]);
      const isEmpty = await emptyIfNeeded(archives, installationId, signal);
      const [newest] = atHand?.manifestKeys ?? [];
      return {
        nowMs: clock.now(),
        timeZone: clock.timeZone(),
        inboxId,
        installationId,
        ...(network !== undefined && { network }),
        conditions,
        random: randomPart(),
        ...(archives && { archives }),
        ...(isEmpty !== undefined && { isEmpty }),
        ...(currentInstallationIds && { currentInstallationIds }),
        ...(accepted && { accepted }),
        ...(newest && { keyFingerprint: newest.fingerprint }),
        ...(atHand && { keys: { usable: atHand.manifestKeys.length, unusable: atHand.unusable.length, mayBeMade: allowNewKey } }),
        ...(storage && { storage }),
      };
    },
    forgetArchives() {
      changes += 1;
      listed = undefined;
      installed = undefined;
    },
  };
}
