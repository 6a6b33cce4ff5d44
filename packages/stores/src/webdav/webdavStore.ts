import { type ArchiveId, type ArchiveStore, assertShape, BackupError, type CallOptions, type TransferOptions } from "@xmtp-backup/core";
import { pMapIterable, pMapSkip } from "p-map";
import { inTurns } from "../inTurns.ts";
import { archiveName, manifestName, parseName } from "../layout.ts";
import { checkPieceBytes } from "../transport/checkRemoteOptions.ts";
import { download } from "../transport/download.ts";
import { readManifestBody } from "../transport/readBounded.ts";
import { type RemoteOptions, remoteShape } from "../transport/remoteOptions.ts";
import { createTransport } from "../transport/transport.ts";
import { unfinishedTimes } from "../unfinishedTimes.ts";
import { davDocuments } from "./davDocuments.ts";
import { davFolder } from "./davFolder.ts";
import { davStatus } from "./davStatus.ts";
import { davMoves } from "./davMoves.ts";
import { uploadByRanges } from "./uploadByRanges.ts";
import { nextcloudUploads, removeUploads, uploadToNextcloud } from "./uploadToNextcloud.ts";

export type WebdavStoreOptions = RemoteOptions & {
  /** The folder's address, for example `https://cloud.example.com/remote.php/dav/files/alice/Backups`; it is created when it is missing. */
  url: string;
  /** How much one request uploads, in bytes, where the server takes parts of files. @default 4 MiB, and never less than 5 MiB at Nextcloud */
  chunkBytes?: number;
};

const readsAtOnce = 8;
/** What is not whole yet. ownCloud and Nextcloud hide or refuse files that end in `.part`, which earlier versions made. */
const partEnding = ".upload";
const partEndings = [partEnding, ".part"];

/**
 * Keeps archives in a folder of WebDAV: Nextcloud, ownCloud, Apache, a NAS. The files are named as in any other folder.
 *
 * Of two devices that change a document in the same moment, one is refused where the server heeds conditions, or has locks for tags that meet none.
 * Otherwise the later one wins.
 *
 * @throws OPTIONS_INVALID when the url is neither `https` nor loopback, or holds a user or a query, or another option is wrong
 * @throws STORE_UNAVAILABLE when the server can't be reached, fails, or has no such folder and can't make it
 * @throws STORE_UNAUTHENTICATED when it does not accept the credentials, new ones included, or they can't be sent
 * @throws STORE_DENIED when the folder may not be read or written
 * @throws STORE_FULL when there is no room
 * @throws STORE_MOVE_REFUSED when the server does not give files another name, since a proxy hides from it which address is its own
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
export function webdavStore(options: WebdavStoreOptions): ArchiveStore {
  assertShape("webdavStore", options, { ...remoteShape, credentials: "any?", url: "text", chunkBytes: "any?" });
  const { url, chunkBytes = 4 * 1024 * 1024, ...remote } = options;
  checkPieceBytes("chunkBytes", chunkBytes);
  const folder = davFolder(createTransport(url, remote, { statusOf: davStatus }));
  const moves = davMoves(folder);
  const uploads = nextcloudUploads(folder.transport.base);

  async function upload(name: string, archive: Blob, options: TransferOptions = {}): Promise<void> {
    if (uploads && archive.size > chunkBytes) return uploadToNextcloud({ folder, moves, uploads }, name, archive, chunkBytes, options);
    return uploadByRanges(folder, name, archive, chunkBytes, options);
  }

  /** A file becomes what it is called in one step: half of one never has the name of a whole one. A server that can't do that is given the bytes again. */
  async function rename(from: string, to: string, bytes: Blob, { signal }: CallOptions, failure: string): Promise<void> {
    const request = { from: folder.urlOf(from), to, signal, failure };
    const moved = await moves.move({ ...request, method: "MOVE" }, bytes.size);
    if (moved === "done") return;
    if (moved === "unsupported") {
      const copied = await moves.move({ ...request, method: "COPY" }, bytes.size);
      if (copied !== "done") await uploadByRanges(folder, to, bytes, chunkBytes, { signal });
    }
    // Where nothing was left to move, the answer to an earlier attempt was lost.
    if ((await folder.sizeOf(to, { signal }, failure)) !== bytes.size)
      throw new BackupError("STORE_FAILED", failure, { details: "The server lost what it was given." });
    if (moved === "unsupported") await folder.remove(from, { signal }, failure);
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
      if ((await folder.sizeOf(manifestName(id), options, failure)) !== undefined)
        throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
      // What is not listed may have the name of a whole archive before it is one, where there is no other way.
      if (!moves.canMove()) return upload(name, archive, options);
      await upload(name + partEnding, archive, options);
      await rename(name + partEnding, name, archive, options, failure);
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      const [name, failure] = [manifestName(id), "The manifest could not be stored."];
      const bytes = new Uint8Array(manifest);
      await folder.write(name + partEnding, bytes, options, failure);
      await rename(name + partEnding, name, new Blob([bytes]), options, failure);
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
      const [names, failure] = [[manifestName(id), archiveName(id)], "The archive could not be removed."];
      for (const name of [...names, ...names.flatMap((each) => partEndings.map((ending) => each + ending))])
        await folder.remove(name, options, failure);
      if (uploads) await removeUploads(folder, uploads, id, options, failure);
    },

    async unfinished(options = {}) {
      options.signal?.throwIfAborted();
      const times = unfinishedTimes();
      const listed = new Set<ArchiveId>();
      let nowMs: number | undefined;
      const files = await folder.list(options, "The archives could not be listed.", (timeMs) => (nowMs = timeMs));
      for await (const some of inTurns(files)) {
        for (const { name, writtenMs } of some) {
          const ending = partEndings.find((each) => name.endsWith(each));
          const stored = parseName(name.slice(0, name.length - (ending?.length ?? 0)));
          if (stored?.kind === "manifest" && ending === undefined) listed.add(stored.id);
          else if (stored) times.add(stored.id, writtenMs);
        }
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

    ...davDocuments(folder),
  };
}
