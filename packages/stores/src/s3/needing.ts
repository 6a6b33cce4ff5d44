import { BackupError, isBackupError } from "@xmtp-backup/core";

/** What a bucket that refuses may be lacking, in words: each names the right as S3's policies do. */
export const rights = {
  list: "The access key may not list the keys below its prefix (s3:ListBucket). A server then hides whether an object is missing.",
  read: "The object is there. The access key may not read it (s3:GetObject), or the bucket has moved it to an archive tier.",
  write: "The access key may not write there (s3:PutObject), or the bucket keeps what lies there for a set time.",
  remove: "The access key may not delete there (s3:DeleteObject), or the bucket keeps what lies there for a set time.",
  abort: "The access key may not end an upload in parts (s3:AbortMultipartUpload).",
} as const;

/** Does what needs a right; a refusal says which one. */
export async function needing<T>(right: keyof typeof rights, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new BackupError("STORE_DENIED", error.shortMessage, {
      details: [error.details, rights[right]].filter(Boolean).join(" "),
      cause: error.cause,
    });
  }
}

export function isDenied(error: unknown): error is BackupError {
  return isBackupError(error) && error.code === "STORE_DENIED";
}
