import { allElements, BackupError, type HistorySync, type SyncArchive } from "@xmtp-backup/core";
import { callSdk } from "./callSdk.ts";
import type { NodeClient, NodeSyncCalls } from "./nodeClient.ts";
import { fromSdkElements, toSdkElements } from "./toSdkElements.ts";

/** Longer ago than any history server keeps what it was given, in days. */
const everDays = 10_000;

/**
 * History sync over the SDK's own calls, through the history server of the URL, or that of the client's network.
 *
 * An installation that is newer than the first `send` of another one sees its offers from the next on
 * (docs/sdk-facts.md#early-offers-stay-unseen). With device sync on it needs no request, about 2.5 s after it was made.
 * With device sync on the SDK imports an answer as soon as a listing has fetched it (docs/sdk-facts.md#history-arrives-silently).
 */
export function nodeHistorySync(client: NodeClient & NodeSyncCalls, historySyncUrl: string | undefined): HistorySync {
  const call = <R>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>) =>
    callSdk("HISTORY_SYNC_FAILED", shortMessage, signal, run);

  /** Others' offers, after a sync: docs/sdk-facts.md#own-offers-are-listed. */
  async function offers(days: number): Promise<SyncArchive[]> {
    await client.syncAllDeviceSyncGroups();
    return client
      .listAvailableArchives(days)
      .map(({ pin, metadata, sentByInstallation }) => ({
        pin,
        exportedAtMs: Number(metadata.exportedAtNs / 1_000_000n),
        elements: fromSdkElements(metadata.elements),
        installationId: Buffer.from(sentByInstallation).toString("hex"),
      }))
      .filter(({ installationId }) => installationId !== client.installationId)
      .sort((one, other) => other.exportedAtMs - one.exportedAtMs);
  }

  return {
    request: ({ signal, elements = allElements, excludeDisappearingMessages = false } = {}) =>
      call("The other installations could not be asked for their history.", signal, () =>
        client.sendSyncRequest({ elements: toSdkElements(elements), excludeDisappearingMessages }, historySyncUrl),
      ),

    send: (pin, { signal, elements = allElements, excludeDisappearingMessages = false } = {}) =>
      call("The history could not be offered.", signal, async () => {
        // What is offered before the newest installations are known never reaches them.
        await client.conversations.sync();
        signal?.throwIfAborted();
        await client.sendSyncArchive(pin, { elements: toSdkElements(elements), excludeDisappearingMessages }, historySyncUrl);
      }),

    list: (days, { signal } = {}) => call("The offers of other installations could not be listed.", signal, () => offers(days)),

    process: (pin, { signal } = {}) =>
      call("The history of the other installation could not be imported.", signal, async () => {
        // Without a pin the SDK takes the newest offer, which may be this installation's own and then brings nothing.
        const offer = (await offers(everDays)).find((each) => pin === undefined || each.pin === pin);
        if (!offer) throw new BackupError("HISTORY_SYNC_FAILED", "No other installation has offered that history.");
        signal?.throwIfAborted();
        await client.processSyncArchive(offer.pin);
      }),
  };
}
