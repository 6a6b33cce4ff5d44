import { BackupError, maxDocumentBytes, maxManifestBytes } from "@xmtp-backup/core";
import type { Reading } from "./reading.ts";

/** The whole body of a response of at most `maxBytes`; reading stops at the first byte beyond. */
export async function readBounded(reading: Reading, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return joined(boundedChunksOf(reading, maxBytes));
}

/** The body piece by piece. @throws STORE_FAILED at the first byte beyond `maxBytes` */
export async function* boundedChunksOf({ response, heard }: Reading, maxBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let size = 0;
  for await (const chunk of chunksOf(response)) {
    heard();
    size += chunk.length;
    if (size > maxBytes) throw new TooLong(maxBytes);
    yield chunk;
  }
}

class TooLong extends BackupError {
  constructor(maxBytes: number) {
    super("STORE_FAILED", "The server's answer was refused.", { details: `It sent more than ${maxBytes} bytes.` });
  }
}

async function joined(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The body of a manifest: none of its bytes where it has more than any manifest, so that one such file does not hide the others. */
export async function readManifestBody(reading: Reading): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readBounded(reading, maxManifestBytes);
  } catch (error) {
    if (error instanceof TooLong) return new Uint8Array();
    throw error;
  }
}

/** The body of a document. @throws STORE_FAILED when it has more bytes than any document */
export async function readDocumentBody(reading: Reading): Promise<Uint8Array<ArrayBuffer>> {
  return readBounded(reading, maxDocumentBytes);
}

/** The JSON of a response of at most `maxBytes`, as `check` knows it. */
export async function readJson<T>(reading: Reading, maxBytes: number, check: (value: unknown) => value is T): Promise<T> {
  const text = new TextDecoder().decode(await readBounded(reading, maxBytes));
  const value = parse(text);
  if (!check(value))
    throw new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It is not what this store's protocol says." });
  return value;
}

/** The body piece by piece; leaving the loop gives the connection back. */
export async function* chunksOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
