import { type ArchiveId, BackupError, isBackupError, type TransferOptions } from "@xmtp-backup/core";
import { DetailedError, type FileReader, Upload } from "tus-js-client";
import { plainCause } from "../transport/plainCause.ts";
import { responseError } from "../transport/responseError.ts";
import { TransientFailure } from "../transport/transientFailure.ts";
import type { Transport } from "../transport/transport.ts";
import { piecewiseSha256 } from "../piecewiseSha256.ts";
import { tusStack } from "./tusStack.ts";

export type TusUpload = TransferOptions & { id: ArchiveId; archive: Blob; chunkBytes: number };

const failure = "The archive could not be uploaded.";

/**
 * Uploads an archive chunk by chunk. It first asks the server how far an upload of the same bytes came, and goes on from there. It does
 * so after a broken connection, and after the process or page was closed.
 */
export async function tusUpload(transport: Transport, { id, archive, chunkBytes, signal, onProgress }: TusUpload): Promise<void> {
  const fingerprint = await piecewiseSha256(archive, { signal });
  const uploadUrl = new URL(`uploads/${id}/${fingerprint}`, transport.base).href;
  let doneBytes = 0;

  const attempt = () =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        upload.abort().catch(() => undefined);
        reject(signal?.reason);
      };
      const end = (settle: () => void) => {
        signal?.removeEventListener("abort", stop);
        settle();
      };
      const upload = new Upload(archive, {
        endpoint: new URL("uploads", transport.base).href,
        uploadUrl,
        uploadSize: archive.size,
        chunkSize: chunkBytes,
        metadata: { archive: id, fingerprint },
        // Each attempt is one go: what is tried again, and when, is the transport's to say.
        retryDelays: null,
        storeFingerprintForResuming: false,
        fingerprint: async () => fingerprint,
        httpStack: tusStack(transport, { signal, totalBytes: archive.size, failure }),
        fileReader: blobReader,
        onChunkComplete: (_chunkBytes, acceptedBytes) => {
          if (acceptedBytes <= doneBytes) return;
          doneBytes = acceptedBytes;
          onProgress?.(doneBytes);
        },
        onSuccess: () => end(resolve),
        onError: (error) => end(() => reject(toFailure(error))),
      });
      signal?.addEventListener("abort", stop, { once: true });
      upload.start();
    });

  await transport.retrying(attempt, { signal }, () => doneBytes);
  onProgress?.(archive.size);
}

const blobReader: FileReader = {
  openFile: async (input: Blob) => ({
    size: input.size,
    slice: async (start, end) => ({ value: input.slice(start, end), done: end >= input.size }),
    close: () => {},
  }),
};

/** Refusals of the transport pass as they are; of the statuses that are tus's own, a lock and a lost offset can pass. */
function toFailure(error: Error): unknown {
  if (!(error instanceof DetailedError)) return new BackupError("STORE_FAILED", failure, { cause: plainCause(error) });
  const { causingError } = error;
  if (causingError instanceof TransientFailure || isBackupError(causingError)) return causingError;
  const response = error.originalResponse?.getUnderlyingObject() as Response | undefined;
  if (!response || response.ok)
    return new BackupError("STORE_FAILED", failure, { details: "The server does not keep to the tus protocol.", cause: plainCause(error) });
  const refused = responseError(response, failure, Date.now());
  const isPatch = error.originalRequest.getMethod() === "PATCH";
  return isBackupError(refused) && (response.status === 423 || isPatch) ? new TransientFailure(refused) : refused;
}
