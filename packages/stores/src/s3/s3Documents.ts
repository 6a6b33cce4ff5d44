import { assertDocumentBytes, BackupError, type CallOptions, type PutDocumentOptions, type StoredDocument } from "@xmtp-backup/core";
import { createTurns } from "../createTurns.ts";
import { isSame } from "../isSame.ts";
import { documentName } from "../layout.ts";
import type { S3Bucket } from "./s3Bucket.ts";

const failure = "The document could not be stored.";
/** What servers can't order, this process can at least for itself. */
const turns = createTurns();

/** The small documents of a bucket. */
export function s3Documents(bucket: S3Bucket, prefix: string) {
  const keyOf = (name: string) => prefix + documentName(name);

  async function get(name: string, options: CallOptions = {}): Promise<StoredDocument | undefined> {
    options.signal?.throwIfAborted();
    return bucket.read(keyOf(name), options, "The document can't be read.");
  }

  async function put(name: string, given: Uint8Array, options: PutDocumentOptions): Promise<void> {
    assertDocumentBytes(given.length);
    options.signal?.throwIfAborted();
    const bytes = new Uint8Array(given);
    await turns(bucket.urlOf(keyOf(name)), () => change(name, bytes, options), options);
  }

  /**
   * Replaces a document on condition. A server may refuse a condition that holds: Ceph's takes tags without quotes, and none at all where a
   * bucket keeps versions. Where the document is still the one that was read, the next form is tried, and at last none.
   */
  async function change(name: string, bytes: Uint8Array<ArrayBuffer>, options: PutDocumentOptions): Promise<void> {
    const key = keyOf(name);
    if ((await get(name, options))?.revision !== options.replaces) throw conflict();
    for (const condition of conditionsFor(options.replaces)) {
      const outcome = await bucket.writeIf(condition, key, bytes, options, failure);
      if (outcome === "written") return;
      // An answer that was lost makes the second attempt find what the first one wrote.
      const stored = await get(name, options);
      if (stored && isSame(stored.bytes, bytes)) return;
      if (outcome === "overtaken" || stored?.revision !== options.replaces) throw conflict();
    }
    await bucket.write(key, bytes, options, failure);
    const stored = await get(name, options);
    if (!stored || !isSame(stored.bytes, bytes)) throw conflict();
  }

  return { get, put };
}

/** The forms of one condition, the one of the standard first. */
function conditionsFor(replaces: string | undefined): Record<string, string>[] {
  if (replaces === undefined) return [{ "If-None-Match": "*" }];
  const bare = /^"(.*)"$/.exec(replaces)?.[1];
  return [{ "If-Match": replaces }, ...(bare === undefined ? [] : [{ "If-Match": bare }])];
}

function conflict(): BackupError {
  return new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
}
