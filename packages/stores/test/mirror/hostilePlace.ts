import type { ArchiveId, StoredDocument } from "@xmtp-backup/core";
import type { MemoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { sha256 } from "../../src/sha256.ts";

const acts = [
  "delete",
  "deleteManifest",
  "garbleManifest",
  "garbleBytes",
  "replayManifest",
  "replayArchive",
  "moveManifest",
  "forgeManifest",
  "forgeNotes",
  "replayNotes",
  "dropNotes",
  "forgeRing",
  "replayRing",
  "dropRing",
] as const;

/** One thing that somebody does who can write to a place. */
export const hostileAct = fc.record({
  kind: fc.constant("hostile" as const),
  act: fc.constantFrom(...acts),
  which: fc.nat(),
  value: fc.integer({ min: 201, max: 255 }),
});

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

  async function act({ act: what, which, value }: { act: (typeof acts)[number]; which: number; value: number }): Promise<void> {
    watch();
    const id = pick([...manifests.keys()], which) ?? crypto.randomUUID();
    const [newest, seen] = [manifests.get(id)?.at(-1), pick(manifests.get(id) ?? [], which)];
    const known = [...manifests.keys()];
    if (what === "delete") place.archives.delete(id);
    if (what === "delete" || what === "deleteManifest") place.manifests.delete(id);
    if (what === "garbleManifest" && newest)
      place.manifests.set(
        id,
        value % 2
          ? newest.slice(0, value % newest.length)
          : newest.map((byte, index) => (index === value % newest.length ? byte ^ 1 : byte)),
      );
    if (what === "garbleBytes") place.archives.set(id, new Uint8Array([value]));
    if ((what === "replayManifest" || what === "replayArchive") && seen) place.manifests.set(id, seen);
    if (what === "replayArchive") place.archives.set(id, archives.get(id) ?? new Uint8Array());
    if (what === "moveManifest" && newest) place.manifests.set(pick(known, which + 1) ?? id, newest);
    if (what === "forgeManifest") {
      const forged = crypto.randomUUID();
      place.archives.set(forged, new Uint8Array([value]));
      place.manifests.set(
        forged,
        new TextEncoder().encode(
          JSON.stringify({
            format: "xmtp-backup/manifest",
            version: value % 2 ? 1 : 99,
            id: forged,
            createdAtMs: 9e12,
            sizeBytes: 1,
            keyFingerprint: "0".repeat(16),
            sealed: "AAAA",
          }),
        ),
      );
    }
    if (what === "forgeNotes") putDocument("mirror", forgedNotes(manifests, await ringMarks(value), value));
    if (what === "replayNotes") putDocument("mirror", pick(documents.get("mirror") ?? [], which));
    if (what === "dropNotes") place.documents.delete("mirror");
    if (what === "forgeRing") putDocument("key-ring", new Uint8Array([value]));
    if (what === "replayRing") putDocument("key-ring", pick(documents.get("key-ring") ?? [], which));
    if (what === "dropRing") place.documents.delete("key-ring");
  }

  /** Every key ring that was ever seen here as SHA-256, and a forged one after them. */
  const ringMarks = (value: number) =>
    Promise.all([...(documents.get("key-ring") ?? []), new Uint8Array([value])].map((bytes) => sha256(new Uint8Array(bytes))));

  return { watch, act };
}

/** Notes as earlier versions wrote them, notes with proofs of nobody, notes of a later version, and none at all. */
export function forgedNotes(manifests: ReadonlyMap<ArchiveId, readonly Uint8Array[]>, rings: readonly string[], value: number): Uint8Array {
  const mac = btoa("x".repeat(32));
  const ids = [...manifests.keys()];
  // Whoever can read a place knows the clear part of each manifest.
  const outlines = [...manifests].map(([id, [manifest]]): Record<string, unknown> => ({ ...parse(manifest), id }));
  const keyFingerprint = outlines[0]?.["keyFingerprint"] ?? "0".repeat(16);
  const forged: readonly unknown[] = [
    {
      removed: Object.fromEntries(ids.map((id) => [id, 1])),
      manifests: Object.fromEntries(ids.map((id) => [id, { atMs: 9e15, places: [0, 1] }])),
      documents: { "key-ring": { atMs: 9e15, places: [0, 1] } },
    },
    {
      format: "xmtp-backup/mirror",
      version: 2,
      removed: outlines.map((outline) => ({ ...outline, changedAtMs: 9e12, supersededBy: [], mac })),
      documents: [{ name: "key-ring", turn: 1e9, versions: [...new Set(rings)], keyFingerprint, mac }],
    },
    {
      format: "xmtp-backup/mirror",
      version: 2,
      removed: outlines,
      documents: [{ name: "key-ring", turn: 1e9, versions: [...new Set(rings)] }],
    },
    { format: "xmtp-backup/mirror", version: 3, removed: ids },
    {
      removed: { constructor: 1, toString: 1 },
      manifests: { constructor: { atMs: 1, places: [1] } },
      documents: { constructor: { atMs: 1, places: [1] } },
    },
    null,
  ];
  return new TextEncoder().encode(JSON.stringify(forged[value % forged.length]));
}

export const forgedKinds = [
  "of version 1",
  "with a proof of nobody",
  "without a proof",
  "of a later version",
  "of names that objects have",
  "of nothing",
] as const;

function parse(manifest: Uint8Array | undefined): Record<string, unknown> {
  try {
    const { createdAtMs, sizeBytes, keyFingerprint } = JSON.parse(new TextDecoder().decode(manifest)) as Record<string, unknown>;
    return { createdAtMs, sizeBytes, keyFingerprint };
  } catch {
    return {};
  }
}
