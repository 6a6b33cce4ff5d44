import {
  assertDocumentBytes,
  BackupError,
  type CallOptions,
  createTurns,
  type PutDocumentOptions,
  type StoredDocument,
} from "@xmtp-backup/core";
import { isSameBytes } from "../isSameBytes.ts";
import { documentName } from "../layout.ts";
import { conditionTags, ownTag, versionOf } from "../transport/entityTags.ts";
import type { S3Bucket } from "./s3Bucket.ts";

const failure = "The document could not be stored.";
/** What servers can't order, this process can at least for itself. */
const turns = createTurns<string>();

/** The small documents of a bucket. */
export function s3Documents(bucket: S3Bucket, prefix: string) {
  const keyOf = (name: string) => prefix + documentName(name);

  async function get(name: string, options: CallOptions = {}): Promise<StoredDocument | undefined> {
    options.signal?.throwIfAborted();
    const document = await read(name, options);
    return document && { bytes: document.bytes, revision: ownTag(document.revision) };
  }

  /** The document with its tag as it came: what packs answers, or passes them on, may have changed it. */
  const read = (name: string, options: CallOptions) => bucket.read(keyOf(name), options, "The document can't be read.");

  async function put(name: string, given: Uint8Array, options: PutDocumentOptions): Promise<void> {
    assertDocumentBytes(given.length);
    options.signal?.throwIfAborted();
    const bytes = new Uint8Array(given);
    await turns(bucket.urlOf(keyOf(name)), () => change(name, bytes, options), options);
  }

  /**
   * Replaces a document on condition. A server may refuse a condition that holds: its tag was changed on the way, Ceph's takes tags without quotes,
   * and none at all where a bucket keeps versions. Where the document is still the one that was read, the next form is tried, and at last none.
   */
  async function change(name: string, bytes: Uint8Array<ArrayBuffer>, options: PutDocumentOptions): Promise<void> {
    const key = keyOf(name);
    const replaced = await read(name, options);
    if ((replaced && ownTag(replaced.revision)) !== options.replaces) throw conflict();
    for (const condition of conditionsFor(replaced?.revision)) {
      const outcome = await bucket.writeIf(condition, key, bytes, options, failure);
      if (outcome === "written") return;
      // An answer that was lost makes the second attempt find what the first one wrote.
      const stored = await get(name, options);
      if (stored && isSameBytes(stored.bytes, bytes)) return;
      if (outcome === "overtaken" || stored?.revision !== options.replaces) throw conflict();
    }
    await bucket.write(key, bytes, options, failure);
    const stored = await get(name, options);
    if (!stored || !isSameBytes(stored.bytes, bytes)) throw conflict();
  }

  return { get, put };
}

/** The forms of one condition, the one of the standard first. */
function conditionsFor(tag: string | undefined): Record<string, string>[] {
  if (tag === undefined) return [{ "If-None-Match": "*" }];
  return [...conditionTags(tag), versionOf(tag)].map((each) => ({ "If-Match": each }));
}

function conflict(): BackupError {
  return new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
}
