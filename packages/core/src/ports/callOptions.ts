/** What every asynchronous port method takes; it rejects with `signal.reason` once aborted. */
export type CallOptions = { signal?: AbortSignal | undefined };

/** For methods that move bytes: `onProgress` is told the bytes done so far, growing. */
export type TransferOptions = CallOptions & { onProgress?: ((doneBytes: number) => void) | undefined };
