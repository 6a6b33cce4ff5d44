import type { CallOptions } from "@xmtp-backup/core";
import { sha256 } from "./sha256.ts";

const pieceBytes = 4 * 1024 * 1024;

/** A SHA-256 over the SHA-256 of each 4 MiB, in hexadecimal: every byte counts, and no more than a piece is in memory. */
export async function piecewiseSha256(blob: Blob, { signal }: CallOptions): Promise<string> {
  const hashes: string[] = [];
  for (let at = 0; at < blob.size; at += pieceBytes) {
    signal?.throwIfAborted();
    hashes.push(await sha256(await blob.slice(at, at + pieceBytes).arrayBuffer()));
  }
  signal?.throwIfAborted();
  return sha256(new TextEncoder().encode(hashes.join()));
}
