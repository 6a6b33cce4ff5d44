import { benchKey } from "../archive/benchKey.ts";

/** A record without its length prefix, sealed with AES-256-GCM: content, then the tag from `tagAt` on. */
export type SealedRecord = { nonce: Uint8Array<ArrayBuffer>; sealed: Uint8Array<ArrayBuffer>; tagAt: number };

/** The archive's nonce: a little-endian counter. */
function nonceOf(index: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(0, index, true);
  return nonce;
}

export async function sealRecords(count: number, contentBytes: number): Promise<SealedRecord[]> {
  const key = await crypto.subtle.importKey("raw", benchKey, "AES-GCM", false, ["encrypt"]);
  const content = new Uint8Array(contentBytes).fill(0x61);
  const records: SealedRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const nonce = nonceOf(index);
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, content));
    records.push({ nonce, sealed, tagAt: contentBytes });
  }
  return records;
}
