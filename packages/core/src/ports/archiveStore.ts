import type { ArchiveId } from "./archiveId.ts";
import type { CallOptions, DownloadOptions, TransferOptions } from "./callOptions.ts";

/** A manifest as stored, beside the archive it belongs to. */
export type StoredManifest = { id: ArchiveId; manifest: Uint8Array };

/** An archive whose manifest was never written. */
export type UnfinishedArchive = {
  id: ArchiveId;
  /**
   * How long ago its bytes were last written, in milliseconds, by the store's own clock: the server's, or the file system's. The
   * clock of this device may be wrong, and another device may be at work. Absent where the store can't tell.
   */
  ageMs?: number;
};

/** How full the place is, in bytes that this user may use. */
export type StoreUsage = { usedBytes: number; totalBytes: number };

/** A small document beside the archives, and the mark of this version of it, by which `putDocument` replaces no other. */
export type StoredDocument = {
  bytes: Uint8Array;
  revision: string;
  /** The names of second versions beside it, which a program that syncs the folder kept when two devices changed the document at once. */
  copies?: readonly string[];
};

export type GetDocumentOptions = CallOptions & {
  /** Reads this second version, one of the document's `copies`, in place of the document. A store without copies leaves it out. */
  copy?: string;
};

/** `replaces` is the revision that was read; undefined where there was no document. */
export type PutDocumentOptions = CallOptions & { replaces: string | undefined };

export type StoreFeatures = {
  /** Blobs from `get` are read where they lie; nothing is downloaded first. */
  local: boolean;
};

/**
 * A place that keeps archives.
 *
 * An archive exists once its manifest is stored: `put` alone lists nothing, and `remove` takes the manifest first.
 * A store never reads what it keeps.
 */
export interface ArchiveStore {
  readonly features: StoreFeatures;
  /**
   * Checks that the place can be used, creating it where that is possible.
   *
   * @throws STORE_UNAVAILABLE when it can't be reached
   * @throws STORE_DENIED when it may not be read or written
   */
  open(options?: CallOptions): Promise<void>;
  /**
   * Keeps the bytes of an archive durably, whole or not at all.
   *
   * @throws STORE_FULL when there is no room
   * @throws STORE_FAILED when the id is taken by a listed archive, or for any other reason
   */
  put(id: ArchiveId, archive: Blob, options?: TransferOptions): Promise<void>;
  /** Lists the archive by storing its manifest, replacing an earlier one in one step. */
  putManifest(id: ArchiveId, manifest: Uint8Array, options?: CallOptions): Promise<void>;
  /**
   * The manifests of all archives, in any order. One of more than `maxManifestBytes` is listed without its bytes, which are not read:
   * whoever reads the list shows it as damaged.
   */
  list(options?: CallOptions): AsyncIterable<StoredManifest>;
  /**
   * The bytes of an archive, listed or not; what has to be downloaded goes into `spool`, where it is given.
   *
   * @throws ARCHIVE_NOT_FOUND when there is none of this id
   * @throws STORE_MISMATCH when it has more than `maxBytes`; no more than those are fetched
   */
  get(id: ArchiveId, options?: DownloadOptions): Promise<Blob>;
  /** Removes an archive, listed or not; does nothing when there is none. */
  remove(id: ArchiveId, options?: CallOptions): Promise<void>;
  /**
   * How many bytes of an archive lie there, listed or not, without fetching them; undefined when the store does not tell. A store
   * without it is asked for the archive, and left when the first bytes come.
   *
   * @throws ARCHIVE_NOT_FOUND when there is none of this id
   */
  sizeOf?(id: ArchiveId, options?: CallOptions): Promise<number | undefined>;
  /** Archives without a manifest: uploads under way or interrupted. */
  unfinished(options?: CallOptions): Promise<UnfinishedArchive[]>;
  /** How full the place is, whatever fills it; undefined when it does not tell. Left out by a store that can never know. */
  usage?(options?: CallOptions): Promise<StoreUsage | undefined>;
  /**
   * A small document beside the archives, such as a key ring, named with lower-case letters, digits and dashes; undefined when
   * there is none. It has at least one byte, and `maxDocumentBytes` at most. Left out, with `putDocument`, by a store that keeps archives only.
   *
   * @throws STORE_FAILED when it has more than `maxDocumentBytes`, which are not read
   */
  getDocument?(name: string, options?: GetDocumentOptions): Promise<StoredDocument | undefined>;
  /**
   * Keeps a document durably, whole or not at all, in place of the revision that was read.
   *
   * A place that can't compare and replace in one step for several machines does it as closely as it can, and says so.
   *
   * @throws STORE_CONFLICT when another revision lies there by now
   * @throws STORE_FAILED when it has more than `maxDocumentBytes`
   * @throws STORE_FULL when there is no room
   */
  putDocument?(name: string, bytes: Uint8Array, options: PutDocumentOptions): Promise<void>;
}
