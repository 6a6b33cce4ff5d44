import {
  type ArchiveId,
  type ArchiveStore,
  assertArchiveBytes,
  assertDocumentBytes,
  BackupError,
  maxManifestBytes,
  type StoredDocument,
  type StoreUsage,
} from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";

export type MemoryStore = Required<ArchiveStore> & {
  /** Makes calls fail, by method. */
  failures: Failures;
  /** What lies there, to look at and to damage. */
  archives: Map<ArchiveId, Uint8Array<ArrayBuffer>>;
  manifests: Map<ArchiveId, Uint8Array>;
  /** By their names; second versions of a document, which it names as its `copies`, by the names of their files. */
  documents: Map<string, StoredDocument>;
  /** What `usage` answers from now on. @default undefined: it does not tell */
  setUsage(usage: StoreUsage | undefined): void;
};

const idPattern = /^[0-9a-f-]{36}$/;

/**
 * An archive store in memory, with switches that make it fail.
 *
 * @example
 * ```ts
 * import { memoryStore } from "@xmtp-backup/testing";
 *
 * const store = memoryStore();
 * store.failures.failNext("put", new Error("the network is down"));
 * ```
 *
 * @param now the store's own clock, in milliseconds since 1970
 */
export function memoryStore(now: () => number = Date.now): MemoryStore {
  const failures = createFailures();
  const archives = new Map<ArchiveId, Uint8Array<ArrayBuffer>>();
  const manifests = new Map<ArchiveId, Uint8Array>();
  const documents = new Map<string, StoredDocument>();
  let usage: StoreUsage | undefined;
  const writtenAtMs = new Map<ArchiveId, number>();

  const check = (id: ArchiveId) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
  };

  return {
    failures,
    archives,
    manifests,
    documents,
    features: { local: true },
    async open({ signal } = {}) {
      await failures.pass("open", signal);
    },
    async put(id, archive, { signal, onProgress } = {}) {
      await failures.pass("put", signal);
      check(id);
      if (manifests.has(id)) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
      const bytes = new Uint8Array(await archive.arrayBuffer());
      onProgress?.(bytes.length / 2);
      signal?.throwIfAborted();
      archives.set(id, bytes);
      writtenAtMs.set(id, now());
      onProgress?.(bytes.length);
    },
    async putManifest(id, manifest, { signal } = {}) {
      await failures.pass("putManifest", signal);
      check(id);
      manifests.set(id, new Uint8Array(manifest));
    },
    async *list({ signal } = {}) {
      await failures.pass("list", signal);
      for (const [id, manifest] of manifests)
        yield { id, manifest: manifest.length > maxManifestBytes ? new Uint8Array() : new Uint8Array(manifest) };
    },
    async get(id, { signal, onProgress, maxBytes = Infinity } = {}) {
      await failures.pass("get", signal);
      const bytes = archives.get(id);
      if (!bytes) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      assertArchiveBytes(bytes.length, maxBytes);
      onProgress?.(bytes.length);
      return new Blob([bytes]);
    },
    async sizeOf(id, { signal } = {}) {
      await failures.pass("sizeOf", signal);
      const bytes = archives.get(id);
      if (!bytes) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      return bytes.length;
    },
    async remove(id, { signal } = {}) {
      await failures.pass("remove", signal);
      manifests.delete(id);
      archives.delete(id);
    },
    async unfinished({ signal } = {}) {
      await failures.pass("unfinished", signal);
      return [...archives.keys()].filter((id) => !manifests.has(id)).map((id) => ({ id, ageMs: now() - (writtenAtMs.get(id) ?? now()) }));
    },
    async usage({ signal } = {}) {
      await failures.pass("usage", signal);
      return usage && { ...usage };
    },
    async getDocument(name, { signal, copy } = {}) {
      await failures.pass("getDocument", signal);
      const document = documents.get(documentName(name));
      const found = copy !== undefined && document?.copies?.includes(copy) ? documents.get(copy) : document;
      if (found) assertDocumentBytes(found.bytes.length);
      return found && { ...found, bytes: new Uint8Array(found.bytes) };
    },
    async putDocument(name, bytes, { signal, replaces }) {
      await failures.pass("putDocument", signal);
      const before = documents.get(documentName(name));
      if (before?.revision !== replaces) throw new BackupError("STORE_CONFLICT", "The document is another by now.");
      assertDocumentBytes(bytes.length);
      documents.set(name, {
        bytes: new Uint8Array(bytes),
        revision: crypto.randomUUID(),
        ...(before?.copies && { copies: before.copies }),
      });
    },
    setUsage(next) {
      usage = next;
    },
  };
}

function documentName(name: string): string {
  if (/^[a-z0-9-]+$/.test(name)) return name;
  throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
}
