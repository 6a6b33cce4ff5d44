import { toBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { CallOptions } from "./callOptions.ts";

/** Runs what asks an adapter: once aborted it rejects with the reason, and an error that is not ours gets a code. */
export async function callPort<T>({ signal }: CallOptions, code: BackupErrorCode, shortMessage: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw toBackupError(error, code, shortMessage);
  }
}
