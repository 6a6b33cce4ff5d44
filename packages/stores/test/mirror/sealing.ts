import { type ArchiveDetails, type ArchiveId, type ArchiveStore, manifestReader } from "@xmtp-backup/core";
import { memoryKeys } from "@xmtp-backup/testing";
import { sealManifest } from "../../../core/src/archives/sealManifest.ts";
import { toManifestKey } from "../../../core/src/archives/manifestKey.ts";
import { sha256 } from "../../src/sha256.ts";

/** Makes archives with sealed manifests, as a device with an archive key does. */
export function sealing(archiveKey: Uint8Array = new Uint8Array(32).fill(7)) {
  let nowMs = 1_000;
  const key = toManifestKey(archiveKey);
  const reader = manifestReader([archiveKey]);

  async function seal(id: ArchiveId, text: string, changes: Partial<ArchiveDetails> & { createdAtMs?: number } = {}): Promise<Uint8Array> {
    const { createdAtMs = ++nowMs, ...details } = changes;
    const bytes = new TextEncoder().encode(text);
    const counts = { conversations: 1, messages: 1, consentRecords: 1 };
    const basics = {
      inboxId: "inbox",
      installationId: "phone",
      elements: ["messages", "consent"],
      counts,
      conversations: [],
      records: 3,
      trigger: "manual",
    } satisfies Partial<ArchiveDetails>;
    return sealManifest({ id, createdAtMs, sizeBytes: bytes.length }, { ...basics, sha256: await sha256(bytes), ...details }, await key);
  }

  const open = async (id: ArchiveId, manifest: Uint8Array) => (await reader)(id, manifest);

  async function manifestIn(store: ArchiveStore, id: ArchiveId): Promise<Uint8Array | undefined> {
    for await (const stored of store.list()) if (stored.id === id) return stored.manifest;
    return undefined;
  }

  /** Stores an archive, and lists it under its text as its name. */
  async function keep(store: ArchiveStore, text: string, changes: Partial<ArchiveDetails> = {}): Promise<ArchiveId> {
    const id = crypto.randomUUID();
    await store.put(id, new Blob([text]));
    await store.putManifest(id, await seal(id, text, { name: text, ...changes }));
    return id;
  }

  /** The manifest that a change of what is listed makes. */
  async function changed(store: ArchiveStore, id: ArchiveId, changes: Partial<ArchiveDetails>): Promise<Uint8Array> {
    const manifest = await manifestIn(store, id);
    const entry = manifest && (await open(id, manifest));
    if (entry?.seal !== "open") throw new Error(`The store lists no open manifest of ${id}.`);
    return sealManifest(
      entry,
      { ...entry.details, ...changes, changedAtMs: Math.max(++nowMs, (entry.details.changedAtMs ?? entry.createdAtMs) + 1) },
      await key,
    );
  }

  return {
    keys: memoryKeys(archiveKey),
    seal,
    open,
    keep,
    changed,
    change: async (store: ArchiveStore, id: ArchiveId, changes: Partial<ArchiveDetails>) =>
      store.putManifest(id, await changed(store, id, changes)),
    nameOf: async (id: ArchiveId, manifest: Uint8Array | undefined) => (manifest ? (await open(id, manifest)).details?.name : undefined),
  };
}
