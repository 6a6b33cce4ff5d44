import type { Dependencies } from "../ports/dependencies.ts";
import { openStore } from "../ports/openStore.ts";
import { listStored } from "../archives/listArchives.ts";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { isSameNetwork } from "../ports/network.ts";
import type { SyncArchive } from "../ports/syncArchive.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Activation } from "./createActivation.ts";
import { offeredDays } from "./createHistorySync.ts";
import { listOtherInstallations, type OtherInstallation } from "./otherInstallations.ts";

/** What could bring the messages that were sent between an archive and the activation. */
export type GapFillers = {
  /** The conversations in which such messages may be missing. */
  conversationIds: string[];
  /** Archives of other installations that reach into the gap, newest first: restore one. */
  archives: ArchiveEntry[];
  /** What other installations offer through history sync, newest first: process one. */
  syncArchives: SyncArchive[];
  /** Installations that could be asked for a backup or for history sync. */
  otherInstallations: OtherInstallation[];
};

/** Looks for what reaches into the gaps; what of the network can't be asked now is left out. */
export async function findGapFillers(dependencies: Dependencies, activation: Activation, options: CallOptions = {}): Promise<GapFillers> {
  const open = activation
    .getState()
    .conversations.filter(({ gap, wasRemoved, status }) => !gap.isFilled && !wasRemoved && status !== "readOnly");
  if (open.length === 0) return { conversationIds: [], archives: [], syncArchives: [], otherInstallations: [] };
  const fromMs = open.reduce((first, { gap }) => Math.min(first, gap.fromMs), Infinity);
  const [archives, syncArchives, otherInstallations] = await Promise.all([
    archivesAfter(dependencies, fromMs, options),
    offersAfter(dependencies, fromMs, options).catch(() => []),
    listOtherInstallations(dependencies.host, activation, options).catch(() => []),
  ]);
  return { conversationIds: open.map(({ id }) => id), archives, syncArchives, otherInstallations };
}

/** Archives that another installation of the same inbox made after that time. */
async function archivesAfter({ host, store, keys }: Dependencies, fromMs: number, options: CallOptions): Promise<ArchiveEntry[]> {
  const own = await host.identity(options);
  await openStore(store, options);
  const entries = await listStored({ store, keys }, options);
  return entries.filter(
    ({ createdAtMs, details }) =>
      createdAtMs > fromMs &&
      details?.inboxId === own.inboxId &&
      details.installationId !== own.installationId &&
      isSameNetwork(details.network, own.network),
  );
}

async function offersAfter({ host }: Dependencies, fromMs: number, options: CallOptions): Promise<SyncArchive[]> {
  const offers = (await host.historySync?.list(offeredDays, options)) ?? [];
  return offers.filter(({ exportedAtMs }) => exportedAtMs > fromMs).sort((a, b) => b.exportedAtMs - a.exportedAtMs);
}
