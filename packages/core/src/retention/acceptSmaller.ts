import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { findShrinkage } from "./rules/findShrinkage.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { writeAccepted } from "./acceptedNote.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { inTurn } from "../archives/inTurn.ts";
import { openStore } from "../ports/openStore.ts";
import { retentionScope } from "./retentionScope.ts";
import { listStored } from "../archives/listArchives.ts";

/**
 * Notes the user's word that the newest archive is right although earlier ones hold more; does nothing when none does.
 *
 * Those keep no special place from then on. A later archive that holds far less than this one is another drop.
 */
export async function acceptSmaller(dependencies: Dependencies, options: CallOptions = {}): Promise<void> {
  const { host, store, journal, clock } = dependencies;
  const identity = await callPort(options, "HOST_FAILED", "The XMTP client did not say who it is.", () => host.identity(options));
  await openStore(store, options);
  await inTurn(store, options, async () => {
    const archives = await listStored(dependencies, options);
    const shrinkage = findShrinkage(archives, await retentionScope(dependencies, identity, undefined, options));
    const larger = archives.flatMap((archive: ArchiveEntry) => {
      const comparison = shrinkage?.larger(archive);
      return comparison ? [[archive.id, { messages: comparison.ofMessages, conversations: comparison.ofConversations }] as const] : [];
    });
    if (larger.length === 0) return;
    await callPort(options, "JOURNAL_FAILED", "The user's word could not be noted.", () =>
      writeAccepted(journal, { atMs: clock.now(), archives: Object.fromEntries(larger) }, options),
    );
  });
}
