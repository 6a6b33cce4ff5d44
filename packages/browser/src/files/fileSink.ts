/** A file that is being written; its name holds what it held before, or nothing, until it is closed. */
export type FileSink = {
  write(data: Blob | Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  /** Leaves what was there before. */
  abort(): Promise<void>;
};
