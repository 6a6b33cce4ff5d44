import { readArchive } from "@xmtp-backup/archive";
import type { ArchiveEntry } from "@xmtp-backup/core";
import { keyRing } from "@xmtp-backup/keys";
import { fakeHost, memoryKeys, type MemoryStore } from "@xmtp-backup/testing";
import { createHash } from "node:crypto";
import { joinPoint, type PointPart } from "../../packages/core/src/archives/joinPoint.ts";
import type { World } from "./world.ts";

/** An archive that lies in a place whole: what it says of itself is what its bytes hold. */
export type WholeArchive = { id: string; keyFingerprint: string; messages: ReadonlySet<string>; conversations: number; isPinned: boolean };

/** Finds the whole archives of a place by reading every byte, whatever the plugin thinks of them. */
export async function wholeArchives(world: World, place: MemoryStore): Promise<WholeArchive[]> {
  const found: WholeArchive[] = [];
  const entries = await world.reader(place).list();
  for (const entry of entries) {
    const key = world.everyKey.get(entry.keyFingerprint);
    if (!key || !isWholeEntry(entry)) continue;
    const parts = (entry.chain ?? [entry.id]).map((id) => soundPart(place, entries, id));
    if (!parts.every((part) => part !== undefined)) continue;
    const messages = new Set<string>();
    let conversations = 0;
    const { archive, key: joinedKey } = await joinPoint(fakeHost(), parts, key);
    for await (const record of readArchive(archive.blob, joinedKey)) {
      if (record.kind === "message") messages.add(record.message.id);
      if (record.kind === "group") conversations += 1;
    }
    found.push({ id: entry.id, keyFingerprint: entry.keyFingerprint, messages, conversations, isPinned: entry.details.pinned === true });
  }
  return found;
}

/** An archive of a place whose bytes are the ones that its manifest names. */
function soundPart(place: MemoryStore, entries: readonly ArchiveEntry[], id: string): PointPart | undefined {
  const { details } = entries.find((entry) => entry.id === id) ?? {};
  const bytes = place.archives.get(id);
  if (!bytes || !details || createHash("sha256").update(bytes).digest("hex") !== details.sha256) return undefined;
  return { id, details, blob: new Blob([bytes]) };
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
