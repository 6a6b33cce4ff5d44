import { BackupError, type CallOptions, type StoredDocument } from "@xmtp-backup/core";
import { readDocumentBody } from "../transport/readBounded.ts";
import { serverTimeMs, timeMs } from "../transport/serverTime.ts";
import type { Transport } from "../transport/transport.ts";
import { childrenOf, readXml, textOf } from "../xml/xml.ts";

/** A page of a thousand keys, and some. */
const maxPageBytes = 8 * 1024 * 1024;

export type S3Object = { key: string; modifiedAtMs: number | undefined };
export type S3Upload = { key: string; uploadId: string; startedAtMs: number | undefined };
export type S3Bucket = ReturnType<typeof s3Bucket>;

/** The calls of S3 that a store needs, each on a bucket that the transport's address names. */
export function s3Bucket(transport: Transport) {
  /** The bucket itself has no slash at the end: some servers sign it without one. */
  const address = transport.base.href.replace(/\/$/, "");

  const urlOf = (key: string, query: Record<string, string> = {}) => {
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const path = key === "" ? address : `${address}/${key.split("/").map(encodeURIComponent).join("/")}`;
    return search.length > 0 ? `${path}?${search.join("&")}` : path;
  };

  /** Asks by GET: a refusal of HEAD has no body, and its code is what tells an expired token from a wrong request. */
  async function isThere(key: string, { signal }: CallOptions, failure: string): Promise<boolean> {
    return transport.send({ method: "GET", url: urlOf(key), signal, failure, expects: [404] }, async ({ response }) => response.ok);
  }

  async function read(key: string, { signal }: CallOptions, failure: string, readBody = readDocumentBody): Promise<StoredDocument | undefined> {
    return transport.send({ method: "GET", url: urlOf(key), signal, failure, expects: [404] }, async (reading) => {
      if (reading.response.status === 404) return undefined;
      const revision = reading.response.headers.get("etag");
      // A page sees it only where the bucket's CORS rules expose it.
      if (revision === null) throw new BackupError("STORE_FAILED", failure, { details: "The server does not tell the ETag." });
      return { bytes: await readBody(reading), revision };
    });
  }

  /** Stores an object whole. */
  async function write(key: string, body: Blob | Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string): Promise<void> {
    await transport.send({ method: "PUT", url: urlOf(key), body, signal, failure }, async () => {});
  }

  /** Stores an object whole and says whether the condition was met. A server without conditional writes is asked without. */
  async function writeIf(condition: Record<string, string>, key: string, body: Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string): Promise<boolean> {
    // 404: what was to be replaced is gone; 409: another write is under way.
    const request = { method: "PUT", url: urlOf(key), body, headers: condition, signal, failure, expects: [404, 409, 412, 501] };
    const status = await transport.send(request, async ({ response }) => response.status);
    if (status === 501) await write(key, body, { signal }, failure);
    return status < 300 || status === 501;
  }

  async function remove(key: string, { signal }: CallOptions, failure: string): Promise<void> {
    await transport.send({ method: "DELETE", url: urlOf(key), signal, failure, expects: [404] }, async () => {});
  }

  /** Looks whether the bucket can be listed. */
  async function look(prefix: string, { signal }: CallOptions, failure: string): Promise<void> {
    const url = urlOf("", { "list-type": "2", "max-keys": "1", prefix });
    await transport.send({ method: "GET", url, signal, failure }, (reading) => readXml(reading, maxPageBytes, "ListBucketResult"));
  }

  /** The objects below a prefix, page by page, and no others that a server may name; `onTime` is called with the server's time, where it tells. */
  async function* list(prefix: string, { signal }: CallOptions, failure: string, onTime?: (nowMs: number) => void): AsyncGenerator<S3Object> {
    const seen = new Set<string>();
    let token: string | undefined;
    do {
      const query: Record<string, string> = { "list-type": "2", prefix, ...(token !== undefined && { "continuation-token": token }) };
      const page = await transport.send({ method: "GET", url: urlOf("", query), signal, failure }, (reading) => {
        const nowMs = serverTimeMs(reading.response.headers);
        if (nowMs !== undefined) onTime?.(nowMs);
        return readXml(reading, maxPageBytes, "ListBucketResult");
      });
      for (const each of childrenOf(page, "Contents")) {
        const key = textOf(each, "Key");
        if (key.startsWith(prefix)) yield { key, modifiedAtMs: timeMs(textOf(each, "LastModified")) };
      }
      const next = textOf(page, "IsTruncated") === "true" ? textOf(page, "NextContinuationToken") : undefined;
      if (next !== undefined && (next === "" || seen.has(next))) throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      if (next !== undefined) seen.add(next);
      token = next;
    } while (token !== undefined);
  }

  /** Uploads in parts that were begun below a prefix, and no others that a server may name; none where the server can't list them, or may not be asked. */
  async function* uploads(prefix: string, { signal }: CallOptions, failure: string): AsyncGenerator<S3Upload> {
    const seen = new Set<string>();
    let markers: Record<string, string> = {};
    for (;;) {
      const page = await transport.send({ method: "GET", url: urlOf("", { uploads: "", prefix, ...markers }), signal, failure, expects: [403, 405, 501] }, async (reading) =>
        reading.response.ok ? readXml(reading, maxPageBytes, "ListMultipartUploadsResult") : {},
      );
      for (const each of childrenOf(page, "Upload")) {
        const key = textOf(each, "Key");
        if (key.startsWith(prefix)) yield { key, uploadId: textOf(each, "UploadId"), startedAtMs: timeMs(textOf(each, "Initiated")) };
      }
      if (textOf(page, "IsTruncated") !== "true") return;
      const next = { "key-marker": textOf(page, "NextKeyMarker"), "upload-id-marker": textOf(page, "NextUploadIdMarker") };
      const place = JSON.stringify(next);
      if (seen.has(place)) throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      seen.add(place);
      markers = next;
    }
  }

  /**
   * When an upload in parts was last written: the time of its newest part, or of its beginning. Undefined where the server does not
   * tell, and for one that is over.
   */
  async function lastWrittenMs({ key, uploadId, startedAtMs }: S3Upload, { signal }: CallOptions, failure: string): Promise<number | undefined> {
    const seen = new Set<string>();
    let newestMs = startedAtMs;
    let marker: string | undefined;
    for (;;) {
      const url = urlOf(key, { uploadId, ...(marker !== undefined && { "part-number-marker": marker }) });
      const page = await transport.send({ method: "GET", url, signal, failure, expects: [400, 403, 404, 405, 501] }, async (reading) =>
        reading.response.ok ? readXml(reading, maxPageBytes, "ListPartsResult") : undefined,
      );
      if (!page || newestMs === undefined) return undefined;
      for (const part of childrenOf(page, "Part")) {
        const writtenMs = timeMs(textOf(part, "LastModified"));
        if (writtenMs === undefined) return undefined;
        newestMs = Math.max(newestMs, writtenMs);
      }
      if (textOf(page, "IsTruncated") !== "true") return newestMs;
      const next = textOf(page, "NextPartNumberMarker");
      if (next === "" || seen.has(next)) throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      seen.add(next);
      marker = next;
    }
  }

  return { transport, urlOf, look, isThere, read, write, writeIf, remove, list, uploads, lastWrittenMs };
}
