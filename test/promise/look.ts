import { readArchive } from "@xmtp-backup/archive";
import type { ArchiveEntry } from "@xmtp-backup/core";
import { keyRing } from "@xmtp-backup/keys";
import { memoryKeys, type MemoryStore } from "@xmtp-backup/testing";
import { createHash } from "node:crypto";
import type { World } from "./world.ts";

/** An archive that lies in a place whole: what it says of itself is what its bytes hold. */
export type WholeArchive = { id: string; keyFingerprint: string; messages: ReadonlySet<string>; conversations: number; isPinned: boolean };

/** Finds the whole archives of a place by reading every byte, whatever the plugin thinks of them. */
export async function wholeArchives(world: World, place: MemoryStore): Promise<WholeArchive[]> {
  const found: WholeArchive[] = [];
  for (const entry of await world.reader(place).list()) {
    const bytes = place.archives.get(entry.id);
    const key = world.everyKey.get(entry.keyFingerprint);
    if (!bytes || !key || !isWholeEntry(entry) || createHash("sha256").update(bytes).digest("hex") !== entry.details.sha256) continue;
    const messages = new Set<string>();
    let conversations = 0;
    for await (const record of readArchive(new Blob([bytes]), key)) {
      if (record.kind === "message") messages.add(record.message.id);
      if (record.kind === "group") conversations += 1;
    }
    found.push({ id: entry.id, keyFingerprint: entry.keyFingerprint, messages, conversations, isPinned: entry.details.pinned === true });
  }
  return found;
}

function isWholeEntry(entry: ArchiveEntry): entry is Extract<ArchiveEntry, { seal: "open" }> {
  if (entry.seal !== "open") return false;
  const { elements, startNs, endNs, missingMessages } = entry.details;
  return elements.length === 2 && startNs === undefined && endNs === undefined && !missingMessages;
}

/** The most messages that one whole archive holds; 0 where there is none. */
export function mostMessages(archives: readonly WholeArchive[]): number {
  return Math.max(0, ...archives.map(({ messages }) => messages.size));
}

/** The keys that the user's paper opens on a new device, by their fingerprints. */
export async function keysOnPaper(world: World, place: MemoryStore): Promise<ReadonlySet<string>> {
  const { keyFingerprints } = await keyRing({ store: place, cache: memoryKeys() }).open(world.slot);
  return new Set(keyFingerprints);
}
