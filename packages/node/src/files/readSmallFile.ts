import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { CallOptions } from "@xmtp-backup/core";
import { isMissing } from "./systemCode.ts";

/** A file that is read whole, and its size; one of more than `maxBytes` is not read, and has no bytes then. */
export type SmallFile = { bytes: Uint8Array<ArrayBuffer>; size: number };

/**
 * Reads a manifest, a document, a note or a key file, which are small; undefined when there is none.
 *
 * Never more than `maxBytes` are held, also of a file that grows meanwhile. A folder, a pipe or a device counts as endless, and is not read.
 */
export async function readSmallFile(path: string, maxBytes: number, { signal }: CallOptions = {}): Promise<SmallFile | undefined> {
  const file = await open(path, readFlags).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if (!file) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return unread(Infinity);
    if (stats.size > maxBytes) return unread(stats.size);
    return (await readAtMost(file, maxBytes, stats.size, signal)) ?? unread(maxBytes + 1);
  } finally {
    await file.close();
  }
}

/** A pipe is not waited for. Windows has no such flag. */
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function unread(size: number): SmallFile {
  return { bytes: new Uint8Array(), size };
}

async function readAtMost(
  file: FileHandle,
  maxBytes: number,
  expectedBytes: number,
  signal: AbortSignal | undefined,
): Promise<SmallFile | undefined> {
  let bytes = new Uint8Array(expectedBytes + 1);
  for (let size = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, size, bytes.length - size, size);
    size += bytesRead;
    if (size > maxBytes) return undefined;
    if (bytesRead === 0) return { bytes: bytes.subarray(0, size), size };
    if (size === bytes.length) bytes = longer(bytes, Math.min(size * 2, maxBytes + 1));
  }
}

/** A copy with more room; nothing stays in the old one, which may hold a key. */
function longer(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(bytes);
  bytes.fill(0);
  return copy;
}
