/** What every asynchronous port method takes; it rejects with `signal.reason` once aborted. */
export type CallOptions = { signal?: AbortSignal | undefined };

/** For methods that move bytes: `onProgress` gets the bytes done so far, growing. */
export type TransferOptions = CallOptions & { onProgress?: ((doneBytes: number) => void) | undefined };

/** For downloads. */
export type DownloadOptions = TransferOptions & {
  /** Keeps the bytes outside memory, for as long as the caller needs them; without it the engine holds them as it holds a Blob. */
  spool?: ((bytes: ReadableStream<Uint8Array>) => Promise<Blob>) | undefined;
  /** How large the archive is known to be, in bytes: of more, nothing is fetched or kept. @default there is no limit */
  maxBytes?: number | undefined;
};
