import { type ArchiveId, type ArchiveStore, assertShape, BackupError, type CallOptions } from "@xmtp-backup/core";
import { pMapIterable, pMapSkip } from "p-map";
import { archiveName, manifestName, parseName } from "../layout.ts";
import { checkPieceBytes, checkRemoteOptions } from "../transport/checkRemoteOptions.ts";
import { download } from "../transport/download.ts";
import { readManifestBody } from "../transport/readBounded.ts";
import { type RemoteOptions, remoteDefaults, remoteShape } from "../transport/remoteOptions.ts";
import { storedSize } from "../transport/storedSize.ts";
import { createTransport } from "../transport/transport.ts";
import { unfinishedTimes } from "../unfinishedTimes.ts";
import { s3Bucket } from "./s3Bucket.ts";
import { flawOf } from "./flawOf.ts";
import { s3Documents } from "./s3Documents.ts";
import { type S3Credentials, signing } from "./signing.ts";
import { s3Status } from "./s3Status.ts";
import { uploadParts } from "./uploadParts.ts";

export type { S3Credentials, S3Keys } from "./signing.ts";

export type S3StoreOptions = Omit<RemoteOptions, "credentials"> & {
  /** The bucket's address, for example `https://my-bucket.s3.eu-central-1.amazonaws.com` or `https://s3.example.com/my-bucket`. */
  url: string;
  credentials: S3Credentials;
  /** @default the one that an address of AWS, R2 or B2 names, otherwise "us-east-1" */
  region?: string;
  /** What keys begin with: one for each inbox, where several share a bucket. @default "xmtp-backup/" */
  prefix?: string;
  /** Larger archives are uploaded in parts of so many bytes, and hold as much memory; S3 itself takes no less than 5 MiB. @default 8 MiB */
  partBytes?: number;
};

const readsAtOnce = 8;

/**
 * Keeps archives in a bucket of S3, or of what speaks like it: R2, B2, MinIO, Garage, Ceph and others.
 *
 * A bucket can't tell how full it is, so there is no `usage`. Where the server has no conditional writes, of two devices that change
 * a document in the same moment the later one wins.
 *
 * @throws OPTIONS_INVALID when the url is neither `https` nor loopback, or holds a user or a query, or the prefix holds more than
 * letters, digits and `-_./`
 * @throws STORE_UNAVAILABLE when the server can't be reached, fails, or has no such bucket
 * @throws STORE_UNAUTHENTICATED when it does not accept the access key, a new one included, or it can't be sent
 * @throws STORE_DENIED when the access key may not do this, or the bucket keeps what is to be changed for a set time. The details name
 * the right
 * @throws STORE_CLOCK_SKEWED when this device's clock differs from the server's
 * @throws STORE_FULL when the server says that there is no room
 *
 * @example
 * ```ts
 * import { s3Store } from "@xmtp-backup/stores/s3";
 *
 * declare function keysFromMyServer(): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }>;
 *
 * const store = s3Store({ url: "https://my-bucket.s3.eu-central-1.amazonaws.com", prefix: "inboxes/alice/", credentials: keysFromMyServer
 * });
 * ```
 */
export function s3Store(options: S3StoreOptions): ArchiveStore {
  assertShape("s3Store", options, { ...remoteShape, url: "text", credentials: "any", region: "any?", prefix: "any?", partBytes: "any?" });
  const { url, credentials, region, prefix = "xmtp-backup/", partBytes = 8 * 1024 * 1024, ...remote } = options;
  if (!/^([\w.-]+\/)*[\w.-]*$/.test(prefix) || prefix.split("/").some((part) => /^\.+$/.test(part)))
    throw new BackupError("OPTIONS_INVALID", "The prefix of a bucket's keys has letters, digits and -_./ only.");
  checkRemoteOptions(remote);
  checkPieceBytes("partBytes", partBytes);
  if (region !== undefined && !/^[\w-]{1,64}$/.test(region))
    throw new BackupError("OPTIONS_INVALID", "The region of a bucket has letters, digits and dashes only.");
  const flaw = typeof credentials === "function" ? undefined : flawOf(credentials);
  if (flaw !== undefined) throw new BackupError("OPTIONS_INVALID", `The bucket's access key can't be used: ${flaw}`);
  const signed = signing({ credentials, region, fetch: remote.fetch ?? remoteDefaults.fetch });
  const bucket = s3Bucket(createTransport(url, { ...remote, ...signed }, { statusOf: s3Status }), prefix);
  const documents = s3Documents(bucket, prefix);

  /** What lies below the prefix, as archives and manifests. */
  async function* stored(options: CallOptions, failure: string, onTime?: (nowMs: number) => void) {
    for await (const { key, modifiedAtMs } of bucket.list(prefix, options, failure, onTime)) {
      const name = parseName(key.slice(prefix.length));
      if (name) yield { ...name, key, modifiedAtMs };
    }
  }

  async function* manifests(options: CallOptions, failure: string) {
    for await (const each of stored(options, failure)) if (each.kind === "manifest") yield each;
  }

  return {
    features: { local: false },

    async open(options = {}) {
      options.signal?.throwIfAborted();
      await bucket.look(prefix, options, "The bucket can't be used.");
    },

    async put(id, archive, options = {}) {
      options.signal?.throwIfAborted();
      const [key, manifest, failure] = [prefix + archiveName(id), prefix + manifestName(id), "The archive could not be uploaded."];
      if (await bucket.isThere(manifest, options, failure))
        throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
      if (archive.size > partBytes) return uploadParts(bucket, key, archive, partBytes, options);
      await bucket.write(key, archive, options, failure);
      options.onProgress?.(archive.size);
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      await bucket.write(prefix + manifestName(id), new Uint8Array(manifest), options, "The manifest could not be stored.");
    },

    async *list(options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archives could not be listed.";
      const readManifest = async ({ id, key }: { id: ArchiveId; key: string }) => {
        const document = await bucket.read(key, options, failure, readManifestBody);
        return document ? { id, manifest: document.bytes } : pMapSkip;
      };
      yield* pMapIterable(manifests(options, failure), readManifest, { concurrency: readsAtOnce });
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      const [key, failure] = [prefix + archiveName(id), "The archive could not be fetched."];
      return existing(await bucket.find(key, options, failure, () => download(bucket.transport, bucket.urlOf(key), options, failure)));
    },

    async remove(id, options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archive could not be removed.";
      await bucket.remove(prefix + manifestName(id), options, failure);
      await bucket.remove(prefix + archiveName(id), options, failure);
      for await (const { key, uploadId } of bucket.uploads(prefix + archiveName(id), options, failure)) {
        if (key === prefix + archiveName(id)) await bucket.abort(key, uploadId, options, failure);
      }
    },

    async unfinished(options = {}) {
      options.signal?.throwIfAborted();
      const failure = "The archives could not be listed.";
      const times = unfinishedTimes();
      const listed = new Set<ArchiveId>();
      let nowMs: number | undefined;
      for await (const { id, kind, modifiedAtMs } of stored(options, failure, (timeMs) => (nowMs = timeMs))) {
        if (kind === "manifest") listed.add(id);
        else times.add(id, modifiedAtMs);
      }
      for await (const upload of bucket.uploads(prefix, options, failure)) {
        const id = parseName(upload.key.slice(prefix.length))?.id;
        // Another device may still be writing it, a day after it began.
        if (id !== undefined && !listed.has(id)) times.add(id, await bucket.lastWrittenMs(upload, options, failure));
      }
      return times.agesAt(nowMs, (id) => listed.has(id));
    },

    async sizeOf(id, options = {}) {
      options.signal?.throwIfAborted();
      const [key, failure] = [prefix + archiveName(id), "The archive could not be looked at."];
      const found = await bucket.find(key, options, failure, async () => ({
        size: await storedSize(bucket.transport, bucket.urlOf(key), options, failure),
      }));
      return existing(found).size;
    },

    getDocument: documents.get,
    putDocument: documents.put,
  };
}

/** @throws ARCHIVE_NOT_FOUND when nothing was found */
function existing<T>(found: T | undefined): T {
  if (found === undefined) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
  return found;
}
