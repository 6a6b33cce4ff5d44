import { open } from "node:fs/promises";
import type { CallOptions } from "@xmtp-backup/core";
import { isMissing } from "./fileErrors.ts";

/** A file that is read whole, and its size; one of more than `maxBytes` is not read, and has no bytes then. */
export type SmallFile = { bytes: Uint8Array<ArrayBuffer>; size: number };

/** Reads a manifest or a document, which are small; undefined when there is none. */
export async function readSmallFile(path: string, maxBytes: number, { signal }: CallOptions = {}): Promise<SmallFile | undefined> {
  const file = await open(path, "r").catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size > maxBytes) return { bytes: new Uint8Array(), size };
    const bytes = await file.readFile({ signal });
    return { bytes: new Uint8Array(bytes), size: bytes.length };
  } finally {
    await file.close();
  }
}
