import { utf8, wipe } from "../util/bytes.ts";

/** 32 bytes for one purpose of a key ring (HKDF-SHA-256), which reveal neither the secret nor those of any other purpose. */
export async function derive(secret: Uint8Array, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(secret);
  const key = await crypto.subtle.importKey("raw", copy, "HKDF", false, ["deriveBits"]);
  wipe([copy]);
  const info = utf8(`xmtp-backup/key-ring/${purpose}/v1`);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, key, 256));
}

/** Lends 32 bytes for one purpose, which are overwritten afterwards. */
export async function withDerived<T>(
  secret: Uint8Array,
  purpose: string,
  run: (derived: Uint8Array<ArrayBuffer>) => Promise<T>,
): Promise<T> {
  const derived = await derive(secret, purpose);
  try {
    return await run(derived);
  } finally {
    wipe([derived]);
  }
}
