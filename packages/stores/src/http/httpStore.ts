import {
  type ArchiveId,
  type ArchiveStore,
  assertShape,
  BackupError,
  type CallOptions,
  maxManifestBytes,
  type UnfinishedArchive,
} from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";
import { checkPieceBytes } from "../transport/checkRemoteOptions.ts";
import { download } from "../transport/download.ts";
import { readJson } from "../transport/readBounded.ts";
import { type RemoteOptions, remoteShape } from "../transport/remoteOptions.ts";
import { storedSize } from "../transport/storedSize.ts";
import { createTransport } from "../transport/transport.ts";
import { httpDocuments } from "./httpDocuments.ts";
import { isListPage, isServerNote, isUnfinishedPage, maxAnswerBytes } from "./protocol.ts";
import { tusUpload } from "./tusUpload.ts";

export type HttpStoreOptions = RemoteOptions & {
  /** Where the server answers, for example `https://backups.example.com/xmtp`. */
  url: string;
  /** How much one request uploads, in bytes: what a broken connection costs at most, and how often progress is reported. @default 1 MiB */
  chunkBytes?: number;
};

/**
 * Keeps archives on the app's own server, one made with `createArchiveServer`: resumable uploads (tus), downloads by range.
 *
 * @throws OPTIONS_INVALID when the url is neither `https` nor loopback, or holds a user or a query, or another option is wrong
 * @throws STORE_UNAVAILABLE when the server can't be reached, fails, or something else answers in its place
 * @throws STORE_UNAUTHENTICATED when it does not accept the credentials, new ones included, or they can't be sent
 * @throws STORE_DENIED when it knows who asks and refuses
 * @throws STORE_FULL when the archive does not fit into what this user may use
 *
 * @example
 * ```ts
 * import { httpStore } from "@xmtp-backup/stores/http";
 *
 * declare const session: { token(options: { refresh: boolean }): Promise<string> };
 *
 * const store = httpStore({
 *   url: "https://backups.example.com",
 *   credentials: async ({ refresh }) => ({ Authorization: `Bearer ${await session.token({ refresh })}` }),
 * });
 * ```
 */
export function httpStore(options: HttpStoreOptions): ArchiveStore {
  assertShape("httpStore", options, { ...remoteShape, credentials: "any?", url: "text", chunkBytes: "any?" });
  const { url, chunkBytes = 1024 * 1024, ...remote } = options;
  checkPieceBytes("chunkBytes", chunkBytes);
  const transport = createTransport(url, remote);

  const look = ({ signal }: CallOptions) => {
    const request = { method: "GET", url: ".", signal, failure: "The server for archives can't be used." };
    return transport.send(request, (reading) => readJson(reading, maxAnswerBytes, isServerNote));
  };

  /** The pages of a list, each asked for when the one before has been used. */
  async function* pages<T extends { next?: string }>(path: string, check: (value: unknown) => value is T, { signal }: CallOptions) {
    let after: string | undefined = "";
    while (after !== undefined) {
      const request = {
        method: "GET",
        url: `${path}?after=${encodeURIComponent(after)}`,
        signal,
        failure: "The archives could not be listed.",
      };
      const page: T = await transport.send(request, (reading) => readJson(reading, maxAnswerBytes, check));
      yield page;
      if (page.next !== undefined && page.next <= after)
        throw new BackupError("STORE_FAILED", "The archives could not be listed.", { details: "The server's pages go in circles." });
      after = page.next;
    }
  }

  return {
    features: { local: false },

    ...httpDocuments(transport),

    async open({ signal } = {}) {
      await look({ signal });
    },

    async put(id, archive, options = {}) {
      options.signal?.throwIfAborted();
      assertId(id);
      await tusUpload(transport, { ...options, id, archive, chunkBytes });
    },

    async putManifest(id, manifest, { signal } = {}) {
      assertId(id);
      const body = new Uint8Array(manifest);
      await transport.send(
        { method: "PUT", url: `archives/${id}/manifest`, body, signal, failure: "The manifest could not be stored." },
        async () => {},
      );
    },

    async *list({ signal } = {}) {
      for await (const { archives } of pages("archives", isListPage, { signal })) {
        for (const { id, manifest } of archives) yield { id, manifest: manifestOf(manifest) };
      }
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      assertId(id);
      return download(transport, `archives/${id}`, options, "The archive could not be fetched.");
    },

    async remove(id, { signal } = {}) {
      assertId(id);
      await transport.send(
        { method: "DELETE", url: `archives/${id}`, signal, failure: "The archive could not be removed." },
        async () => {},
      );
    },

    async unfinished({ signal } = {}) {
      const found: UnfinishedArchive[] = [];
      for await (const { archives, nowMs } of pages("unfinished", isUnfinishedPage, { signal })) {
        found.push(
          ...archives.map(({ id, modifiedAtMs }) => ({ id, ...(nowMs !== undefined && { ageMs: Math.max(0, nowMs - modifiedAtMs) }) })),
        );
      }
      return found;
    },

    async sizeOf(id, { signal } = {}) {
      assertId(id);
      return storedSize(transport, `archives/${id}`, { signal }, "The archive could not be looked at.");
    },

    async usage({ signal } = {}) {
      const { usedBytes, totalBytes } = await look({ signal });
      return usedBytes === undefined || !totalBytes ? undefined : { usedBytes, totalBytes };
    },
  };
}

function assertId(id: ArchiveId): void {
  if (!isArchiveId(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
}

/** A manifest of Base64; none of one that is too large. */
function manifestOf(text: string): Uint8Array {
  const binary = text.length > (maxManifestBytes / 3 + 1) * 4 ? "" : atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
