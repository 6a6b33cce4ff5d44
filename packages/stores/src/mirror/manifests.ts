import type { ArchiveEntry, ArchiveId, ArchiveStore, CallOptions } from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";
import { sha256 } from "../sha256.ts";
import type { KeysAtHand } from "./keysAtHand.ts";

/** A manifest as one place keeps it. Its content is read when somebody asks, since most are the same everywhere. */
export type Manifest = {
  bytes: Uint8Array;
  /** The SHA-256 of its bytes. */
  mark(): Promise<string>;
  /** What the keys at hand prove of it. */
  entry(): Promise<ArchiveEntry>;
};

/** The manifests of one place. */
export type Listing = Map<ArchiveId, Manifest>;

/** The manifests of the places that answered, by place. */
export type Listings = Map<number, Listing>;

export type ProvenEntry = Extract<ArchiveEntry, { seal: "open" }>;

export async function listPlace(store: ArchiveStore, keys: KeysAtHand, { signal }: CallOptions): Promise<Listing> {
  const listing: Listing = new Map();
  for await (const { id, manifest } of store.list({ signal })) if (isArchiveId(id)) listing.set(id, manifestOf(id, manifest, keys));
  return listing;
}

export function manifestOf(id: ArchiveId, bytes: Uint8Array, keys: KeysAtHand): Manifest {
  let [mark, entry]: [Promise<string>?, Promise<ArchiveEntry>?] = [];
  return {
    bytes,
    mark: () => (mark ??= sha256(new Uint8Array(bytes))),
    entry: () => (entry ??= keys.read(id, bytes)),
  };
}

/** What a proven manifest says; undefined for any other. */
export async function provenEntry(manifest: Manifest | undefined): Promise<ProvenEntry | undefined> {
  const entry = await manifest?.entry();
  return entry?.seal === "open" ? entry : undefined;
}

/** When a manifest was last changed, by those who changed it. */
export function changedAt({ createdAtMs, details }: ProvenEntry): number {
  return details.changedAtMs ?? createdAtMs;
}

/** Whether two proven manifests are versions of the same: of one archive, made with one key. */
export function isOneArchive(left: ProvenEntry, right: ProvenEntry): boolean {
  return (
    left.id === right.id &&
    left.createdAtMs === right.createdAtMs &&
    left.sizeBytes === right.sizeBytes &&
    left.keyFingerprint === right.keyFingerprint &&
    left.details.sha256 === right.details.sha256
  );
}
