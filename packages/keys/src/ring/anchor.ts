import { fromBase64, toBase64 } from "../util/bytes.ts";
import { withDerived } from "./derive.ts";
import { authenticatedPart, type Ring } from "./ringFile.ts";

/** 32 bytes that authenticate a ring, derived from one of its archive keys and the same as long as the ring is not renewed. */
export type Anchor = Uint8Array<ArrayBuffer>;

/** Lends the anchor that is derived from an archive key. */
export function withAnchorOf<T>(archiveKey: Uint8Array, run: (anchor: Anchor) => Promise<T>): Promise<T> {
  return withDerived(archiveKey, "anchor", run);
}

export async function authenticate(ring: Ring, anchor: Anchor): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(anchor, "sign"), authenticatedPart(ring))));
}

export async function isAuthentic(ring: Ring & { mac: string }, anchor: Anchor): Promise<boolean> {
  try {
    return await crypto.subtle.verify("HMAC", await hmacKey(anchor, "verify"), fromBase64(ring.mac), authenticatedPart(ring));
  } catch {
    return false;
  }
}

function hmacKey(anchor: Anchor, usage: "sign" | "verify") {
  return crypto.subtle.importKey("raw", anchor, { name: "HMAC", hash: "SHA-256" }, false, [usage]);
}
