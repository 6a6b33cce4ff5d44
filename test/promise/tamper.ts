import type { StoredDocument } from "@xmtp-backup/core";
import type { MemoryStore } from "@xmtp-backup/testing";

export type Tampering = { how: string; which: number; other: number };

/** What a place held at some time, to put back later. */
export type PlaceMemory = {
  manifests: Map<string, Uint8Array>[];
  archives: Map<string, Uint8Array<ArrayBuffer>>[];
  documents: Map<string, StoredDocument>[];
};

/** Remembers what a place holds now, as one who keeps old versions does. */
export function remember(memory: PlaceMemory, { archives, manifests, documents }: MemoryStore): void {
  memory.documents.push(new Map(documents));
  memory.manifests.push(new Map(manifests));
  memory.archives.push(new Map(archives));
}

/** Alters the files of a place as one can who writes there and has no key. */
export function tamper({ archives, manifests, documents }: MemoryStore, memory: PlaceMemory, { how, which, other }: Tampering): void {
  const past = other % memory.manifests.length;
  if (how === "loseRing") documents.clear();
  if (how === "replayRing") for (const [name, document] of memory.documents[past] ?? []) documents.set(name, document);
  const ids = [...manifests.keys()];
  const id = ids[which % Math.max(ids.length, 1)];
  const otherId = ids[other % Math.max(ids.length, 1)];
  if (id === undefined || otherId === undefined) return;
  const archive = archives.get(id);
  const manifest = manifests.get(id) ?? new Uint8Array();

  if (how === "cutArchive" && archive) archives.set(id, archive.slice(0, Math.ceil(archive.length * ((other + 1) / 11))));
  if (how === "flipArchive" && archive) archives.set(id, flipped(archive, 20 + other * 61));
  if (how === "loseArchive") archives.delete(id);
  if (how === "flipManifest") manifests.set(id, flipped(manifest, 1 + other * 37));
  if (how === "cutManifest") manifests.set(id, manifest.slice(0, Math.floor(manifest.length / (other + 1.5))));
  if (how === "loseManifest") manifests.delete(id);
  if (how === "replayManifest") {
    const versions = memory.manifests.flatMap((seen) => seen.get(id) ?? []);
    const version = versions[other % Math.max(versions.length, 1)];
    if (version) manifests.set(id, version);
  }
  if (how === "replayPlace") {
    for (const [seen, bytes] of memory.manifests[past] ?? []) manifests.set(seen, bytes);
    for (const [seen, bytes] of memory.archives[past] ?? []) archives.set(seen, bytes);
  }
  if (how === "swapManifests") {
    manifests.set(id, manifests.get(otherId) ?? manifest);
    manifests.set(otherId, manifest);
  }
  if (how === "renameManifest") rewrite(manifests, id, (file) => ({ ...file, id }), otherId);
  if (how === "redateManifest")
    rewrite(manifests, id, (file) => ({ ...file, createdAtMs: Date.UTC(2024 + other, 0, 1), sizeBytes: other }));
  if (how === "junkManifest")
    manifests.set(id, new TextEncoder().encode(other % 2 === 0 ? "{" : '{"format":"xmtp-backup/manifest","version":1}'));
  if (how === "futureManifest") rewrite(manifests, id, (file) => ({ ...file, version: 2 + other }));
}

function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ 1;
  return copy;
}

/** Writes a manifest whose clear part is what the attacker likes: the sealed part is one that was there. */
function rewrite(manifests: Map<string, Uint8Array>, id: string, change: (file: object) => object, from = id): void {
  try {
    const file = JSON.parse(new TextDecoder().decode(manifests.get(from))) as object;
    manifests.set(id, new TextEncoder().encode(JSON.stringify(change(file))));
  } catch {
    // It was damaged before.
  }
}
