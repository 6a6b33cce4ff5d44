import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import { readBounded } from "../transport/readBounded.ts";
import { TransientFailure } from "../transport/transientFailure.ts";
import type { S3Bucket } from "./s3Bucket.ts";
import { parseXml, readXml, textOf } from "../xml/xml.ts";

/** S3 takes at most so many parts of one object. */
const maxParts = 10_000;
const maxAnswerBytes = 64 * 1024;
const failure = "The archive could not be uploaded.";

/** Uploads an object part by part: a broken connection costs the part that was under way. It is there whole, or not at all. */
export async function uploadParts(bucket: S3Bucket, key: string, archive: Blob, partBytes: number, { signal, onProgress }: TransferOptions): Promise<void> {
  const { transport, urlOf } = bucket;
  const size = Math.max(partBytes, Math.ceil(archive.size / maxParts));
  // By this mark the object is known for this upload's, should the answer be lost that says so.
  const mark = { name: "x-amz-meta-upload", value: crypto.randomUUID() };
  const begin = { method: "POST", url: urlOf(key, { uploads: "" }), headers: { [mark.name]: mark.value }, signal, failure };
  const uploadId = await transport.send(begin, async (reading) =>
    textOf(await readXml(reading, maxAnswerBytes, "InitiateMultipartUploadResult"), "UploadId"),
  );

  async function uploadPart(partNumber: number): Promise<string> {
    const body = archive.slice((partNumber - 1) * size, partNumber * size);
    return transport.send({ method: "PUT", url: urlOf(key, { partNumber: String(partNumber), uploadId }), body, signal, failure }, async ({ response }) => {
      const tag = response.headers.get("etag");
      if (tag === null) throw new BackupError("STORE_FAILED", failure, { details: "The server does not tell the ETag of a part." });
      return tag;
    });
  }

  async function isComplete(): Promise<boolean> {
    const request = { method: "GET", url: urlOf(key), headers: { Range: "bytes=0-0" }, signal, failure, expects: [404] };
    return transport.exchange(request, async ({ response }) => response.headers.get(mark.name) === mark.value);
  }

  async function complete(tags: readonly string[]): Promise<void> {
    const parts = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(tag)}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const request = { method: "POST", url: urlOf(key, { uploadId }), headers: { "Content-Type": "application/xml" }, body, signal, failure };
    await transport.exchange(request, async (reading) => {
      // The server may answer 200 and say in the body that it failed.
      const answer = parseXml(new TextDecoder().decode(await readBounded(reading, maxAnswerBytes)));
      if (answer?.["CompleteMultipartUploadResult"] === undefined) throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details: "The server could not put the parts together." }));
    });
  }

  /** A server that was asked before, and whose answer was lost, knows nothing of the upload any more. */
  async function completeOnce(tags: readonly string[]): Promise<void> {
    let isFirst = true;
    await transport.retrying(async () => {
      if (!isFirst && (await isComplete())) return;
      isFirst = false;
      await complete(tags);
    }, { signal });
  }

  try {
    const tags: string[] = [];
    while (tags.length * size < archive.size) {
      tags.push(await uploadPart(tags.length + 1));
      onProgress?.(Math.min(tags.length * size, archive.size));
    }
    await completeOnce(tags);
  } catch (error) {
    // Parts that stay are paid for. Nobody waits for this: `remove` looks for them again.
    void transport.exchange({ method: "DELETE", url: urlOf(key, { uploadId }), failure }, async () => {}).catch(() => {});
    throw error;
  }
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
