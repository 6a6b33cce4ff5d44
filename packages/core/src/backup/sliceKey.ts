import { archiveKeyBytes } from "../archives/archiveKey.ts";

/** What the key is for: it reveals neither the archive key nor any key for another purpose. */
const purpose = "xmtp-backup/slices/v1";

/** The key of the slices of one backup that the host keeps. It is stored nowhere, and whoever has the archive key and the salt finds it again. */
export async function sliceKeyOf(archiveKey: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const copy = new Uint8Array(archiveKey);
  try {
    const imported = await crypto.subtle.importKey("raw", copy, "HKDF", false, ["deriveBits"]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(salt), info: new TextEncoder().encode(purpose) };
    return new Uint8Array(await crypto.subtle.deriveBits(hkdf, imported, archiveKeyBytes * 8));
  } finally {
    copy.fill(0);
  }
}
