import { type ArchiveId, type ArchiveStore, assertDocumentBytes, BackupError, type CallOptions, type StoredDocument } from "@xmtp-backup/core";
import { pMapIterable, pMapSkip } from "p-map";
import { createTurns } from "../createTurns.ts";
import { archiveName, documentName, manifestName, parseName } from "../layout.ts";
import { sha256 } from "../sha256.ts";
import { checkPieceBytes } from "../transport/checkOptions.ts";
import { download } from "../transport/download.ts";
import { readManifestBody } from "../transport/readBounded.ts";
import type { RemoteOptions } from "../transport/remoteOptions.ts";
import { createTransport } from "../transport/transport.ts";
import { unfinishedTimes } from "../unfinishedAges.ts";
import { davFolder, statusOf } from "./davFolder.ts";
import { uploadByRanges } from "./uploadByRanges.ts";
import { nextcloudUploads, uploadToNextcloud } from "./uploadToNextcloud.ts";

export type WebdavStoreOptions = RemoteOptions & {
  /** The folder's address, for example `https://cloud.example.com/remote.php/dav/files/alice/Backups`; it is created when it is missing. */
  url: string;
  /** How much one request uploads, in bytes, where the server takes parts of files. @default 4 MiB, and never less than 5 MiB at Nextcloud */
  chunkBytes?: number;
};

const readsAtOnce = 8;
const partEnding = ".part";
const turns = createTurns();

/**
 * Keeps archives in a folder of WebDAV: Nextcloud, ownCloud, Apache, a NAS. The files are named as in any other folder.
 *
 * Of two devices that change a document in the same moment, one is refused where the server tells strong ETags; otherwise the later one wins.
 *
 * @throws OPTIONS_INVALID when the url is neither `https` nor loopback, or holds a user or a query, or another option can't be followed
 * @throws STORE_UNAVAILABLE when the server can't be reached, fails, or has no such folder and can't make it
 * @throws STORE_UNAUTHENTICATED when it does not accept the credentials, new ones included, or they can't be sent
 * @throws STORE_DENIED when the folder may not be read or written
 * @throws STORE_FULL when there is no room
 *
 * @example
 * ```ts
 * import { webdavStore } from "@xmtp-backup/stores/webdav";
 *
 * declare const appPassword: string;
 *
 * const store = webdavStore({
 *   url: "https://cloud.example.com/remote.php/dav/files/alice/Backups",
 *   credentials: () => ({ Authorization: `Basic ${btoa(`alice:${appPassword}`)}` }),
 * });
 * ```
 */
export function webdavStore({ url, chunkBytes = 4 * 1024 * 1024, ...remote }: WebdavStoreOptions): ArchiveStore {
  checkPieceBytes("chunkBytes", chunkBytes);
  const folder = davFolder(createTransport(url, remote, { statusOf }));
  const uploads = nextcloudUploads(folder.transport.base);

  async function upload(name: string, archive: Blob, options: Parameters<ArchiveStore["put"]>[2] = {}): Promise<void> {
    if (uploads && archive.size > chunkBytes) return uploadToNextcloud(folder, uploads, name, archive, chunkBytes, options);
    return uploadByRanges(folder, name, archive, chunkBytes, options);
  }

  /** A file becomes what it is called in one step: half of one never has the name of a whole one. */
  async function rename(from: string, to: string, size: number, options: CallOptions, failure: string): Promise<void> {
    let isAsked = false;
    const isMoved = await folder.transport.retrying(async () => {
      // The answer to an earlier attempt was lost: where that moved the file, a second one could remove it.
      if (isAsked && (await folder.sizeOf(from, options, failure)) === undefined) return false;
      isAsked = true;
      return folder.move(folder.urlOf(from), to, options, failure);
    }, options);
    if (!isMoved && (await folder.sizeOf(to, options, failure)) !== size) throw new BackupError("STORE_FAILED", failure, { details: "The server lost what it was given." });
  }

  async function getDocument(name: string, options: CallOptions = {}): Promise<(StoredDocument & { etag: string | undefined }) | undefined> {
    options.signal?.throwIfAborted();
    const file = await folder.read(documentName(name), options, "The document can't be read.");
    return file && { ...file, revision: await sha256(file.bytes) };
  }

  return {
    features: { local: false },

    async open(options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The folder for archives can't be used.";
      if (!(await folder.look(options, failure))) await folder.create(options, failure);
    },

    async put(id, archive, options = {}) {
      options.signal?.throwIfAborted();
      const [name, failure] = [archiveName(id), "The archive could not be uploaded."];
      if ((await folder.sizeOf(manifestName(id), options, failure)) !== undefined) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
      await upload(name + partEnding, archive, options);
      await rename(name + partEnding, name, archive.size, options, failure);
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      const [name, failure] = [manifestName(id), "The manifest could not be stored."];
      await folder.write(name + partEnding, new Uint8Array(manifest), options, failure);
      await rename(name + partEnding, name, manifest.length, options, failure);
    },

    async *list(options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archives could not be listed.";
      const manifests = (await folder.list(options, failure)).filter(({ name }) => parseName(name)?.kind === "manifest");
      const readManifest = async ({ name }: { name: string }) => {
        const file = await folder.read(name, options, failure, readManifestBody);
        return file ? { id: name.slice(0, 36), manifest: file.bytes } : pMapSkip;
      };
      yield* pMapIterable(manifests, readManifest, { concurrency: readsAtOnce });
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      return download(folder.transport, folder.urlOf(archiveName(id)), options, "The archive could not be fetched.");
    },

    async remove(id, options = {}) {
      options.signal?.throwIfAborted();
      for (const name of [manifestName(id), archiveName(id), manifestName(id) + partEnding, archiveName(id) + partEnding]) {
        await folder.remove(name, options, "The archive could not be removed.");
      }
    },

    async unfinished(options = {}) {
      options.signal?.throwIfAborted();
      const times = unfinishedTimes();
      const listed = new Set<ArchiveId>();
      let nowMs: number | undefined;
      for (const { name, writtenMs } of await folder.list(options, "The archives could not be listed.", (timeMs) => (nowMs = timeMs))) {
        const stored = parseName(name.endsWith(partEnding) ? name.slice(0, -partEnding.length) : name);
        if (!stored) continue;
        if (stored.kind === "manifest" && !name.endsWith(partEnding)) listed.add(stored.id);
        else times.add(stored.id, writtenMs);
      }
      return times.agesAt(nowMs, (id) => listed.has(id));
    },

    async sizeOf(id, options = {}) {
      options.signal?.throwIfAborted();
      const size = await folder.sizeOf(archiveName(id), options, "The archive could not be looked at.");
      if (size === undefined) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      return size;
    },

    async usage(options = {}) {
      options.signal?.throwIfAborted();
      const { usedBytes, availableBytes } = (await folder.look(options, "The folder does not tell how full it is.")) ?? {};
      return usedBytes === undefined || availableBytes === undefined ? undefined : { usedBytes, totalBytes: usedBytes + availableBytes };
    },

    async getDocument(name, options) {
      const document = await getDocument(name, options);
      return document && { bytes: document.bytes, revision: document.revision };
    },

    async putDocument(name, bytes, options) {
      assertDocumentBytes(bytes.length);
      const [file, failure] = [documentName(name), "The document could not be stored."];
      const conflict = () => new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
      await turns(folder.urlOf(file), async () => {
        const stored = await getDocument(name, options);
        if (stored?.revision !== options.replaces) throw conflict();
        if (await folder.write(file, new Uint8Array(bytes), options, failure, conditionOf(stored))) return;
        // An answer that was lost makes the second attempt find what the first one wrote.
        if ((await getDocument(name, options))?.revision !== (await sha256(new Uint8Array(bytes)))) throw conflict();
      }, options);
    },
  };
}

/** A weak ETag, as Apache gives to what changed within the last second, is never equal in a condition. */
function conditionOf(stored: { etag: string | undefined } | undefined): Record<string, string> {
  if (!stored) return { "If-None-Match": "*" };
  return stored.etag === undefined || stored.etag.startsWith("W/") ? {} : { "If-Match": stored.etag };
}
