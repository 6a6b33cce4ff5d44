import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { serverTimeMs, timeMs } from "../transport/serverTime.ts";
import type { Transport } from "../transport/transport.ts";
import { childrenOf, readXml, textOf, wordOf, type XmlElement } from "../xml/xml.ts";
import { isDenied, needing } from "./needing.ts";

/** A page of a thousand keys, and some. */
const maxPageBytes = 8 * 1024 * 1024;

export type S3Object = { key: string; modifiedAtMs: number | undefined };
export type S3Upload = { key: string; uploadId: string; startedAtMs: number | undefined };

export type S3Lists = ReturnType<typeof s3Lists>;

/** What a bucket lists: objects, uploads in parts, and the parts of one. */
export function s3Lists(transport: Transport, urlOf: (key: string, query?: Record<string, string>) => string) {
  /** The pages of the objects below a prefix; `onTime` is called with the server's time, where it tells. */
  async function* pages(
    prefix: string,
    { signal }: CallOptions,
    failure: string,
    onTime?: (nowMs: number) => void,
  ): AsyncGenerator<XmlElement> {
    const seen = new Set<string>();
    let token: string | undefined;
    do {
      const query: Record<string, string> = { "list-type": "2", prefix, ...(token !== undefined && { "continuation-token": token }) };
      const request = { method: "GET", url: urlOf("", query), signal, failure };
      const page = await needing("list", () =>
        transport.send(request, (reading) => {
          const nowMs = serverTimeMs(reading.response.headers);
          if (nowMs !== undefined) onTime?.(nowMs);
          return readXml(reading, maxPageBytes, "ListBucketResult");
        }),
      );
      yield page;
      const next = wordOf(page, "IsTruncated") === "true" ? textOf(page, "NextContinuationToken") : undefined;
      if (next !== undefined && (next === "" || seen.has(next)))
        throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      if (next !== undefined) seen.add(next);
      token = next;
    } while (token !== undefined);
  }

  /** Looks whether the bucket can be listed. */
  async function look(prefix: string, options: CallOptions, failure: string): Promise<void> {
    await pages(prefix, options, failure).next();
  }

  /** The objects below a prefix, page by page, and no others that a server may name. */
  async function* list(prefix: string, options: CallOptions, failure: string, onTime?: (nowMs: number) => void): AsyncGenerator<S3Object> {
    for await (const page of pages(prefix, options, failure, onTime)) {
      for (const each of childrenOf(page, "Contents")) {
        const key = textOf(each, "Key");
        if (key.startsWith(prefix)) yield { key, modifiedAtMs: timeMs(wordOf(each, "LastModified")) };
      }
    }
  }

  /**
   * Whether the bucket lists an object that lies below a prefix. Only a list in which it would be counts as an answer.
   *
   * @throws STORE_DENIED when the access key may not list it
   * @throws STORE_FAILED when the server answers with the list of something else
   */
  async function isListed(key: string, prefix: string, options: CallOptions, failure: string): Promise<boolean> {
    try {
      return await isListedBelow(key, key, options, failure);
    } catch (error) {
      // A policy may name the prefix itself, and nothing that is longer.
      if (!isDenied(error)) throw error;
      return isListedBelow(key, prefix, options, failure);
    }
  }

  async function isListedBelow(key: string, prefix: string, options: CallOptions, failure: string): Promise<boolean> {
    for await (const page of pages(prefix, options, failure)) {
      if (childrenOf(page, "Contents").some((each) => textOf(each, "Key") === key)) return true;
      if (childrenOf(page, "Prefix").length > 0 && textOf(page, "Prefix") !== prefix)
        throw new BackupError("STORE_FAILED", failure, { details: "The server listed something else than it was asked for." });
    }
    return false;
  }

  /**
   * Uploads in parts that were begun below a prefix, and no others that a server may name. Empty where the server can't or may not list
   * them.
   */
  async function* uploads(prefix: string, { signal }: CallOptions, failure: string): AsyncGenerator<S3Upload> {
    const seen = new Set<string>();
    let markers: Record<string, string> = {};
    for (;;) {
      const page = await transport.send(
        { method: "GET", url: urlOf("", { uploads: "", prefix, ...markers }), signal, failure, expects: [403, 405, 501] },
        async (reading) => (reading.response.ok ? readXml(reading, maxPageBytes, "ListMultipartUploadsResult") : undefined),
      );
      if (!page) return;
      for (const each of childrenOf(page, "Upload")) {
        const key = textOf(each, "Key");
        if (key.startsWith(prefix)) yield { key, uploadId: textOf(each, "UploadId"), startedAtMs: timeMs(wordOf(each, "Initiated")) };
      }
      if (wordOf(page, "IsTruncated") !== "true") return;
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
  async function lastWrittenMs(
    { key, uploadId, startedAtMs }: S3Upload,
    { signal }: CallOptions,
    failure: string,
  ): Promise<number | undefined> {
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
        const writtenMs = timeMs(wordOf(part, "LastModified"));
        if (writtenMs === undefined) return undefined;
        newestMs = Math.max(newestMs, writtenMs);
      }
      if (wordOf(page, "IsTruncated") !== "true") return newestMs;
      const next = textOf(page, "NextPartNumberMarker");
      if (next === "" || seen.has(next)) throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      seen.add(next);
      marker = next;
    }
  }

  return { look, list, isListed, uploads, lastWrittenMs };
}
