import type { ArchiveId, StoredDocument } from "@xmtp-backup/core";
import type { MemoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";

const acts = ["delete", "deleteManifest", "garbleManifest", "garbleBytes", "replayManifest", "replayArchive", "moveManifest", "forgeManifest", "forgeNotes", "replayNotes", "dropNotes", "forgeRing", "replayRing", "dropRing"] as const;

/** One thing that somebody does who can write to a place. */
export const hostileAct = fc.record({ kind: fc.constant("hostile" as const), act: fc.constantFrom(...acts), which: fc.nat(), value: fc.integer({ min: 201, max: 255 }) });

/** A place in the hands of somebody who writes, deletes, replays and swaps whatever lies there, and who has no key. */
export function hostilePlace(place: MemoryStore) {
  const manifests = new Map<ArchiveId, Uint8Array[]>();
  const archives = new Map<ArchiveId, Uint8Array<ArrayBuffer>>();
  const documents = new Map<string, Uint8Array[]>();
  const pick = <T>(items: readonly T[], which: number): T | undefined => items[which % Math.max(items.length, 1)];

  /** Remembers what lies there now. */
  function watch(): void {
    for (const [id, bytes] of place.manifests) manifests.set(id, [...(manifests.get(id) ?? []), bytes]);
    for (const [id, bytes] of place.archives) archives.set(id, archives.get(id) ?? bytes);
    for (const [name, { bytes }] of place.documents) documents.set(name, [...(documents.get(name) ?? []), bytes]);
  }

  const putDocument = (name: string, bytes: Uint8Array | undefined) => {
    const document: StoredDocument | undefined = bytes && { bytes, revision: crypto.randomUUID() };
    if (document) place.documents.set(name, document);
  };

  function act({ act: what, which, value }: { act: (typeof acts)[number]; which: number; value: number }): void {
    watch();
    const id = pick([...manifests.keys()], which) ?? crypto.randomUUID();
    const [newest, seen] = [manifests.get(id)?.at(-1), pick(manifests.get(id) ?? [], which)];
    const known = [...manifests.keys()];
    if (what === "delete") place.archives.delete(id);
    if (what === "delete" || what === "deleteManifest") place.manifests.delete(id);
    if (what === "garbleManifest" && newest) place.manifests.set(id, value % 2 ? newest.slice(0, value % newest.length) : newest.map((byte, index) => (index === value % newest.length ? byte ^ 1 : byte)));
    if (what === "garbleBytes") place.archives.set(id, new Uint8Array([value]));
    if ((what === "replayManifest" || what === "replayArchive") && seen) place.manifests.set(id, seen);
    if (what === "replayArchive") place.archives.set(id, archives.get(id) ?? new Uint8Array());
    if (what === "moveManifest" && newest) place.manifests.set(pick(known, which + 1) ?? id, newest);
    if (what === "forgeManifest") {
      const forged = crypto.randomUUID();
      place.archives.set(forged, new Uint8Array([value]));
      place.manifests.set(forged, new TextEncoder().encode(JSON.stringify({ format: "xmtp-backup/manifest", version: value % 2 ? 1 : 99, id: forged, createdAtMs: 9e12, sizeBytes: 1, keyFingerprint: "0".repeat(16), sealed: "AAAA" })));
    }
    if (what === "forgeNotes") putDocument("mirror", forgedNotes(known, value));
    if (what === "replayNotes") putDocument("mirror", pick(documents.get("mirror") ?? [], which));
    if (what === "dropNotes") place.documents.delete("mirror");
    if (what === "forgeRing") putDocument("key-ring", new Uint8Array([value]));
    if (what === "replayRing") putDocument("key-ring", pick(documents.get("key-ring") ?? [], which));
    if (what === "dropRing") place.documents.delete("key-ring");
  }

  return { watch, act };
}

/** Notes as earlier versions wrote them, notes with proofs of nobody, notes of a later version, and none at all. */
function forgedNotes(ids: readonly ArchiveId[], value: number): Uint8Array {
  const mac = btoa("x".repeat(32));
  const outline = { createdAtMs: 0, sizeBytes: 0, keyFingerprint: "0".repeat(16), changedAtMs: 9e12, supersededBy: [], mac };
  const forged = [
    { removed: Object.fromEntries(ids.map((id) => [id, 1])), manifests: Object.fromEntries(ids.map((id) => [id, { atMs: 9e15, places: [0, 1] }])), documents: { "key-ring": { atMs: 9e15, places: [1] } } },
    { format: "xmtp-backup/mirror", version: 2, removed: ids.map((id) => ({ id, ...outline })), documents: [{ name: "key-ring", turn: 1e9, versions: [], keyFingerprint: "0".repeat(16), mac }] },
    { format: "xmtp-backup/mirror", version: 3, removed: ids },
    null,
  ];
  return new TextEncoder().encode(JSON.stringify(forged[value % forged.length]));
}
