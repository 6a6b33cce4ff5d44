import {
  type ArchiveId,
  type ArchiveStore,
  assertDocumentBytes,
  assertShape,
  BackupError,
  type CallOptions,
  createTurns,
} from "@xmtp-backup/core";
import { pMapIterable, pMapSkip } from "p-map";
import { archiveName, documentName, manifestName, parseName } from "../layout.ts";
import { sha256 } from "../sha256.ts";
import { unfinishedTimes } from "../unfinishedTimes.ts";
import { bearerToken } from "../transport/credentialHeaders.ts";
import { checkPieceBytes } from "../transport/checkRemoteOptions.ts";
import { download } from "../transport/download.ts";
import { readManifestBody } from "../transport/readBounded.ts";
import { type RemoteOptions, remoteShape } from "../transport/remoteOptions.ts";
import { timeMs } from "../transport/serverTime.ts";
import { createTransport } from "../transport/transport.ts";
import { contentUrl, type DriveFile, driveFiles } from "./driveFiles.ts";
import { resumableUpload } from "./resumableUpload.ts";
import { driveStatus } from "./driveStatus.ts";

/** Gives an access token for the scope `drive.appdata`. With `refresh`, the one given last was refused: get a new one. */
export type GoogleToken = (options: CallOptions & { refresh: boolean }) => string | Promise<string>;

export type GoogleDriveStoreOptions = Omit<RemoteOptions, "credentials"> & {
  token: GoogleToken;
  /** What names of files begin with, where several inboxes share a Google account: letters, digits and dashes. @default "" */
  prefix?: string;
  /** How much one request uploads, in bytes: a multiple of 256 KiB. @default 4 MiB */
  chunkBytes?: number;
  /** Where Drive answers. @default "https://www.googleapis.com" */
  url?: string;
};

const readsAtOnce = 8;
const chunkUnit = 256 * 1024;
const turns = createTurns<string>();

/**
 * Keeps archives in a user's Google Drive, in the hidden folder that Drive keeps for each app. No other app sees it, and it goes when the
 * user disconnects the app.
 *
 * Names are not unique in Drive. Of several manifests or documents of one name the earliest counts, and is the one that is changed. Of
 * several archives the latest counts, and the others are deleted. Drive compares nothing before it writes: of two devices that change a
 * document in the same moment the later one may win.
 *
 * @throws OPTIONS_INVALID when chunks are no multiple of 256 KiB, the prefix has other characters, or the url is neither `https` nor
 * loopback
 * @throws STORE_UNAVAILABLE when Drive can't be reached, fails, or asks for patience
 * @throws STORE_UNAUTHENTICATED when it does not accept the token, a new one included, or it can't be sent
 * @throws STORE_DENIED when the token's scope, or an administrator, does not allow it
 * @throws STORE_FULL when the user's storage is used up
 *
 * @example
 * ```ts
 * import { googleDriveStore } from "@xmtp-backup/stores/google-drive";
 *
 * declare function accessToken(options: { refresh: boolean }): Promise<string>;
 *
 * const store = googleDriveStore({ token: accessToken });
 * ```
 */
export function googleDriveStore(options: GoogleDriveStoreOptions): ArchiveStore {
  assertShape("googleDriveStore", options, { ...remoteShape, token: "function", prefix: "any?", chunkBytes: "any?", url: "text?" });
  const { token, prefix = "", chunkBytes = 4 * 1024 * 1024, url = "https://www.googleapis.com", ...remote } = options;
  if (!/^[A-Za-z0-9-]*$/.test(prefix)) throw new BackupError("OPTIONS_INVALID", "The prefix of names has letters, digits and dashes only.");
  checkPieceBytes("chunkBytes", chunkBytes);
  if (typeof token !== "function") throw new BackupError("OPTIONS_INVALID", "token is a function that gives an access token.");
  if (chunkBytes % chunkUnit !== 0) throw new BackupError("OPTIONS_INVALID", "Drive takes chunks of a multiple of 256 KiB.");
  const credentials: RemoteOptions["credentials"] = async (options) => ({ Authorization: `Bearer ${bearerToken(await token(options))}` });
  const files = driveFiles(createTransport(url, { ...remote, credentials }, { statusOf: driveStatus }));

  const named = (name: string, options: CallOptions, failure: string) => files.list(prefix + name, options, failure);

  /** What the app's folder holds, as archives and manifests, the earliest first. */
  async function stored(options: CallOptions, failure: string, onTime?: (nowMs: number) => void) {
    const found = await files.list(undefined, options, failure, onTime);
    return found.flatMap((file) => {
      const name = file.name.startsWith(prefix) ? parseName(file.name.slice(prefix.length)) : undefined;
      return name ? [{ ...name, file }] : [];
    });
  }

  async function removeAll(found: readonly DriveFile[], options: CallOptions, failure: string): Promise<void> {
    for (const { id } of found) await files.remove(id, options, failure);
  }

  async function readDocument(name: string, options: CallOptions) {
    const failure = "The document can't be read.";
    const [file] = await named(documentName(name), options, failure);
    const bytes = file && (await files.read(file.id, options, failure));
    return file && bytes && { id: file.id, bytes, revision: await sha256(bytes) };
  }

  return {
    features: { local: false },

    async open(options = {}) {
      options.signal?.throwIfAborted();
      await files.quota(options, "Google Drive can't be used.");
    },

    async put(id, archive, options = {}) {
      options.signal?.throwIfAborted();
      const [name, failure] = [archiveName(id), "The archive could not be uploaded."];
      if ((await named(manifestName(id), options, failure)).length > 0)
        throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
      const made = await resumableUpload(files, prefix + name, archive, chunkBytes, options);
      const earlier = (await named(name, options, failure)).filter((file) => file.id !== made);
      await removeAll(earlier, options, failure);
      if (archive.size === 0) options.onProgress?.(0);
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      const [name, bytes, failure] = [manifestName(id), new Uint8Array(manifest), "The manifest could not be stored."];
      const [first, ...others] = await named(name, options, failure);
      if (first) await files.update(first.id, bytes, options, failure);
      else await files.create(prefix + name, bytes, options, failure);
      await removeAll(others, options, failure);
    },

    async *list(options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archives could not be listed.";
      const manifests = new Map<ArchiveId, DriveFile>();
      for (const { id, kind, file } of await stored(options, failure))
        if (kind === "manifest" && !manifests.has(id)) manifests.set(id, file);
      const read = async ([id, file]: [ArchiveId, DriveFile]) => {
        const manifest = await files.read(file.id, options, failure, readManifestBody);
        return manifest ? { id, manifest } : pMapSkip;
      };
      yield* pMapIterable(manifests, read, { concurrency: readsAtOnce });
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archive could not be fetched.";
      const file = (await named(archiveName(id), options, failure)).at(-1);
      if (!file) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      // Drive sends a file without content as an empty answer.
      if (file.size === "0") return new Blob([]);
      return download(files.transport, contentUrl(file.id), options, failure);
    },

    async remove(id, options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archive could not be removed.";
      for (const name of [manifestName(id), archiveName(id)]) await removeAll(await named(name, options, failure), options, failure);
    },

    async unfinished(options = {}) {
      options.signal?.throwIfAborted();
      const times = unfinishedTimes();
      let nowMs: number | undefined;
      const found = await stored(options, "The archives could not be listed.", (atMs) => (nowMs = atMs));
      const listed = new Set(found.filter(({ kind }) => kind === "manifest").map(({ id }) => id));
      for (const { id, file } of found) times.add(id, timeMs(file.modifiedTime));
      return times.agesAt(nowMs, (id) => listed.has(id));
    },

    async sizeOf(id, options = {}) {
      options.signal?.throwIfAborted();
      const file = (await named(archiveName(id), options, "The archive could not be looked at.")).at(-1);
      if (!file) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      return file.size === undefined ? undefined : Number(file.size);
    },

    async usage(options = {}) {
      options.signal?.throwIfAborted();
      const { limit, usage } = await files.quota(options, "Google Drive does not tell how full it is.");
      return limit === undefined ? undefined : { usedBytes: Math.min(Number(usage), Number(limit)), totalBytes: Number(limit) };
    },

    async getDocument(name, options = {}) {
      options.signal?.throwIfAborted();
      const document = await readDocument(name, options);
      return document && { bytes: document.bytes, revision: document.revision };
    },

    async putDocument(name, bytes, options) {
      assertDocumentBytes(bytes.length);
      options.signal?.throwIfAborted();
      const [file, failure] = [prefix + documentName(name), "The document could not be stored."];
      const conflict = () => new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
      await turns(
        file,
        async () => {
          const read = await readDocument(name, options);
          if (read?.revision !== options.replaces) throw conflict();
          const id = read?.id ?? (await files.create(file, new Uint8Array(bytes), options, failure));
          if (read) await files.update(id, new Uint8Array(bytes), options, failure);
          // Another device may have done the same in this moment: what counts now is one of the two.
          const kept = await readDocument(name, options);
          if (kept?.id !== id) await files.remove(id, options, failure);
          if (kept?.id !== id || kept.revision !== (await sha256(new Uint8Array(bytes)))) throw conflict();
        },
        options,
      );
    },
  };
}
