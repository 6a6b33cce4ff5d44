import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import { parseXml, readXml, textOf } from "../xml/xml.ts";
import { ownTag } from "../transport/entityTags.ts";
import { readBounded } from "../transport/readBounded.ts";
import { TransientFailure } from "../transport/transientFailure.ts";
import { checked, checkedBody, type ChecksumKind, checksumRefusals } from "./checksums.ts";
import { needing } from "./needing.ts";
import type { S3Bucket } from "./s3Bucket.ts";

/** S3 takes at most so many parts of one object. */
const maxParts = 10_000;
const maxAnswerBytes = 64 * 1024;
const failure = "The archive could not be uploaded.";
/** How often an upload is begun that somebody else ended: a device that slept for long, a bucket that cleans up. */
const maxBegun = 4;

type Part = { tag: string; base64: string };
/** What became of an upload: whole; gone at the server; refused, since the server takes no checksums of this kind. */
type Outcome = "done" | "gone" | "refused";

/**
 * Uploads an object part by part: a broken connection costs the part that was under way. It is there whole, or not at all.
 *
 * An upload that is gone at the server begins again, since its bytes are still here.
 */
export async function uploadParts(
  bucket: S3Bucket,
  key: string,
  archive: Blob,
  partBytes: number,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  let furthest = 0;
  const tell = (doneBytes: number) => {
    if (doneBytes > furthest) onProgress?.((furthest = doneBytes));
  };
  const kinds = bucket.checksums.kinds();
  let kind = kinds.shift();
  for (let begun = 1; kind !== undefined; begun++) {
    const outcome = await uploadOnce(bucket, key, archive, partBytes, { kind, mayRefuse: kinds.length > 0, signal, onProgress: tell });
    if (outcome === "done") return bucket.checksums.accept(kind);
    if (outcome === "refused") kind = kinds.shift();
    else if (begun === maxBegun)
      throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The server lost the upload again and again." });
  }
}

type OnceOptions = TransferOptions & { kind: ChecksumKind; mayRefuse: boolean };

async function uploadOnce(
  bucket: S3Bucket,
  key: string,
  archive: Blob,
  partBytes: number,
  { kind, mayRefuse, signal, onProgress }: OnceOptions,
): Promise<Outcome> {
  const { transport, urlOf } = bucket;
  const size = Math.max(partBytes, Math.ceil(archive.size / maxParts));
  const refusals = mayRefuse ? checksumRefusals : [];
  // By this mark the object is known for this upload's, should the answer be lost that says so.
  const mark = { name: "x-amz-meta-upload", value: crypto.randomUUID() };

  /** Undefined where the server does not take checksums of this kind. */
  async function begin(): Promise<string | undefined> {
    const headers = { [mark.name]: mark.value, ...(kind === "sha256" && { "x-amz-checksum-algorithm": "SHA256" }) };
    const request = { method: "POST", url: urlOf(key, { uploads: "" }), headers, signal, failure, expects: refusals };
    return needing("write", () =>
      transport.send(request, async (reading) =>
        refusals.includes(reading.response.status)
          ? undefined
          : textOf(await readXml(reading, maxAnswerBytes, "InitiateMultipartUploadResult"), "UploadId"),
      ),
    );
  }

  async function uploadPart(uploadId: string, partNumber: number): Promise<Part | "gone" | "refused"> {
    const body = await checkedBody(archive.slice((partNumber - 1) * size, partNumber * size));
    const request = {
      method: "PUT",
      url: urlOf(key, { partNumber: String(partNumber), uploadId }),
      ...checked({}, body, kind),
      signal,
      failure,
      expects: [404, ...refusals],
    };
    return needing("write", () =>
      transport.send(request, async ({ response }) => {
        if (response.status === 404) return "gone";
        if (refusals.includes(response.status)) return "refused";
        const tag = response.headers.get("etag");
        if (tag === null) throw new BackupError("STORE_FAILED", failure, { details: "The server does not tell the ETag of a part." });
        return { tag: ownTag(tag), base64: body.base64 };
      }),
    );
  }

  async function isComplete(): Promise<boolean> {
    const request = { method: "GET", url: urlOf(key), headers: { Range: "bytes=0-0" }, signal, failure, expects: [404] };
    const ask = () =>
      transport.exchange(
        request,
        async ({ response: { headers } }) => (headers.get(mark.name) ?? headers.get("x-goog-meta-upload")) === mark.value,
      );
    return (await bucket.find(key, { signal }, failure, ask)) === true;
  }

  async function complete(uploadId: string, parts: readonly Part[], withChecksums: boolean): Promise<Outcome> {
    const list = parts.map(
      ({ tag, base64 }, index) =>
        `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(tag)}</ETag>${withChecksums ? `<ChecksumSHA256>${base64}</ChecksumSHA256>` : ""}</Part>`,
    );
    const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
    // Google's interface answers a checksum of parts with 412.
    const refused = withChecksums ? [...checksumRefusals, 412] : [];
    const request = {
      method: "POST",
      url: urlOf(key, { uploadId }),
      headers: { "Content-Type": "application/xml" },
      body,
      signal,
      failure,
      expects: [404, ...refused],
    };
    return needing("write", () =>
      transport.exchange<Outcome>(request, async (reading) => {
        if (reading.response.status === 404) return "gone";
        if (refused.includes(reading.response.status)) return "refused";
        // The server may answer 200 and say in the body that it failed.
        const answer = parseXml(new TextDecoder().decode(await readBounded(reading, maxAnswerBytes)));
        if (answer?.name !== "CompleteMultipartUploadResult")
          throw new TransientFailure(
            new BackupError("STORE_UNAVAILABLE", failure, { details: "The server could not put the parts together." }),
          );
        return "done";
      }),
    );
  }

  /** A server that was asked before, and whose answer was lost, knows nothing of the upload any more. */
  async function completeOnce(uploadId: string, parts: readonly Part[]): Promise<Outcome> {
    let [isFirst, withChecksums] = [true, kind === "sha256"];
    return transport.retrying(
      async () => {
        if (!isFirst && (await isComplete())) return "done";
        isFirst = false;
        const outcome = await complete(uploadId, parts, withChecksums);
        if (outcome === "refused") withChecksums = false;
        const last = outcome === "refused" ? await complete(uploadId, parts, withChecksums) : outcome;
        return last === "gone" && (await isComplete()) ? "done" : last;
      },
      { signal },
    );
  }

  /** Parts that stay are paid for. Nobody waits for this: `remove` looks for them again. */
  const letGo = (uploadId: string) =>
    void transport.exchange({ method: "DELETE", url: urlOf(key, { uploadId }), failure }, async () => {}).catch(() => {});

  const uploadId = await begin();
  if (uploadId === undefined) return "refused";
  try {
    const parts: Part[] = [];
    while (parts.length * size < archive.size) {
      const part = await uploadPart(uploadId, parts.length + 1);
      if (typeof part === "string") {
        letGo(uploadId);
        return part;
      }
      parts.push(part);
      onProgress?.(Math.min(parts.length * size, archive.size));
    }
    return await completeOnce(uploadId, parts);
  } catch (error) {
    letGo(uploadId);
    throw error;
  }
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
