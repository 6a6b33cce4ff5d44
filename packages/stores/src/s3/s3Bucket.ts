import { BackupError, type CallOptions, type StoredDocument } from "@xmtp-backup/core";
import { asStored } from "../transport/entityTags.ts";
import { readDocumentBody } from "../transport/readBounded.ts";
import type { Transport } from "../transport/transport.ts";
import { checkedBody, createChecksums } from "./checksums.ts";
import { isDenied, needing } from "./needing.ts";
import { s3Lists } from "./s3Lists.ts";

export type S3Bucket = ReturnType<typeof s3Bucket>;

/** The calls of S3 that a store needs, each on a bucket that the transport's address names, for keys below a prefix. */
export function s3Bucket(transport: Transport, prefix: string) {
  /** The bucket itself has no slash at the end: some servers sign it without one. */
  const address = transport.base.href.replace(/\/$/, "");

  const urlOf = (key: string, query: Record<string, string> = {}) => {
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const path = key === "" ? address : `${address}/${key.split("/").map(encodeURIComponent).join("/")}`;
    return search.length > 0 ? `${path}?${search.join("&")}` : path;
  };

  const checksums = createChecksums(transport);
  const lists = s3Lists(transport, urlOf);

  /**
   * What `ask` finds of an object. A server answers a key that is held to a prefix with 403 where an object is missing: then the list
   * decides, and nothing else. Where the list may not be read either, nobody knows.
   *
   * @throws STORE_DENIED when the object is there and may not be read, or when the access key may not list it
   */
  async function find<T>(key: string, options: CallOptions, failure: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!isDenied(error)) throw error;
      if (!(await lists.isListed(key, prefix, options, failure))) return undefined;
      // Another device may have written it just now.
      return needing("read", ask);
    }
  }

  /** Asks by GET: a refusal of HEAD has no body, and its code is what tells an expired token from a wrong request. */
  async function isThere(key: string, { signal }: CallOptions, failure: string): Promise<boolean> {
    const ask = () =>
      transport.send({ method: "GET", url: urlOf(key), signal, failure, expects: [404] }, async ({ response }) => response.ok || undefined);
    return (await find(key, { signal }, failure, ask)) === true;
  }

  /** An object whole; its revision is the tag as it came. */
  async function read(
    key: string,
    { signal }: CallOptions,
    failure: string,
    readBody = readDocumentBody,
  ): Promise<StoredDocument | undefined> {
    return find(key, { signal }, failure, () =>
      transport.send({ method: "GET", url: urlOf(key), headers: { ...asStored }, signal, failure, expects: [404] }, async (reading) => {
        if (reading.response.status === 404) return undefined;
        const revision = reading.response.headers.get("etag");
        // A page sees it only where the bucket's CORS rules expose it.
        if (revision === null) throw new BackupError("STORE_FAILED", failure, { details: "The server does not tell the ETag." });
        return { bytes: await readBody(reading), revision };
      }),
    );
  }

  /** Stores an object whole. */
  async function write(key: string, body: Blob | Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string): Promise<void> {
    const checked = await checkedBody(body);
    await needing("write", () => checksums.send({ method: "PUT", url: urlOf(key), signal, failure }, checked, async () => {}));
  }

  /**
   * Stores an object whole on a condition. It was "written"; or it was "refused", because the server says that the condition does not
   * hold, or knows none. Or somebody else has "overtaken" this write.
   */
  async function writeIf(
    condition: Record<string, string>,
    key: string,
    body: Uint8Array<ArrayBuffer>,
    { signal }: CallOptions,
    failure: string,
  ): Promise<"written" | "refused" | "overtaken"> {
    const checked = await checkedBody(body);
    // 404: what was to be replaced is gone; 409: another write is under way.
    const request = { method: "PUT", url: urlOf(key), headers: condition, signal, failure, expects: [404, 409, 412, 501] };
    const status = await needing("write", () => checksums.send(request, checked, async ({ response }) => response.status));
    if (status < 300) return "written";
    return status === 412 || status === 501 ? "refused" : "overtaken";
  }

  /** Removes an object; where the bucket keeps versions, it is in no list any more. */
  async function remove(key: string, { signal }: CallOptions, failure: string): Promise<void> {
    await needing("remove", () =>
      transport.send({ method: "DELETE", url: urlOf(key), signal, failure, expects: [404, 405] }, async ({ response }) => {
        if (response.status === 405) throw new BackupError("STORE_DENIED", failure, { details: "The server answered 405." });
      }),
    );
  }

  /** Ends an upload in parts, and lets its parts go. */
  async function abort(key: string, uploadId: string, { signal }: CallOptions, failure: string): Promise<void> {
    await needing("abort", () =>
      transport.send({ method: "DELETE", url: urlOf(key, { uploadId }), signal, failure, expects: [404] }, async () => {}),
    );
  }

  return { transport, urlOf, checksums, find, isThere, read, write, writeIf, remove, abort, ...lists };
}
