import { utf8 } from "./bytes.ts";

/** 32 bytes for one purpose of a key ring (HKDF-SHA-256), which reveal neither the secret nor those of any other purpose. */
export async function derive(secret: Uint8Array, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), "HKDF", false, ["deriveBits"]);
  const info = utf8(`xmtp-backup/key-ring/${purpose}/v1`);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, key, 256));
}
