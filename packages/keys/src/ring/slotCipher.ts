import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { concat, fromBase64, toBase64, utf8 } from "../util/bytes.ts";
import { withDerived } from "./derive.ts";
import { newerVersion, type RingSlot, slotHeader } from "./ringFile.ts";

/** HPKE (RFC 9180) over P-256, which every Web Crypto has. */
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const info = utf8("xmtp-backup/key-ring/slot/v1");
const encapsulatedBytes = 65;
const nonceBytes = 12;

export type SlotKeyPair = Awaited<ReturnType<typeof suite.kem.deriveKeyPair>>;

/** A slot before the archive keys are sealed to it. */
export type EmptySlot = Omit<RingSlot, "sealedKeys">;

/** The key pair of a slot, the same for the same secret. */
export async function slotKeyPair(secret: Uint8Array): Promise<{ publicKey: string; pair: SlotKeyPair }> {
  const pair = await withDerived(secret, "slot", (derived) => suite.kem.deriveKeyPair(derived));
  return { publicKey: toBase64(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))), pair };
}

/** Encrypts the anchor under a slot's secret, bound to all that the slot says of itself. */
export async function wrapAnchor(slot: Omit<EmptySlot, "anchor">, secret: Uint8Array, anchor: Uint8Array<ArrayBuffer>): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const wrapped = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: slotHeader(slot) },
    await wrappingKey(secret, "encrypt"),
    anchor,
  );
  return toBase64(concat(nonce, new Uint8Array(wrapped)));
}

/** The inverse of `wrapAnchor`; throws when the secret or anything of the slot is another. */
export async function unwrapAnchor(slot: RingSlot, secret: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const wrapped = fromBase64(slot.anchor);
  const algorithm = { name: "AES-GCM", iv: wrapped.subarray(0, nonceBytes), additionalData: slotHeader(slot) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, await wrappingKey(secret, "decrypt"), wrapped.subarray(nonceBytes)));
}

/**
 * Seals bytes to a slot, for which nobody needs its secret.
 *
 * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app made the slot in a way that this one can't seal to
 */
export async function sealTo({ id, publicKey }: EmptySlot, bytes: Uint8Array): Promise<string> {
  const recipientPublicKey = await publicKeyOf(publicKey);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, bytes, utf8(id));
  return toBase64(concat(new Uint8Array(enc), new Uint8Array(ct)));
}

async function publicKeyOf(text: string): ReturnType<typeof suite.kem.deserializePublicKey> {
  try {
    return await suite.kem.deserializePublicKey(fromBase64(text));
  } catch {
    throw newerVersion("A newer version of the app made a slot of the key ring, and this one can't seal keys to it.");
  }
}

/** The inverse of `sealTo`, with the slot's key pair; throws when anything is another. */
export async function unseal({ id, sealedKeys }: RingSlot, pair: SlotKeyPair): Promise<Uint8Array> {
  const sealed = fromBase64(sealedKeys);
  const [enc, ct] = [sealed.slice(0, encapsulatedBytes), sealed.slice(encapsulatedBytes)];
  return new Uint8Array(await suite.open({ recipientKey: pair, enc, info }, ct, utf8(id)));
}

function wrappingKey(secret: Uint8Array, usage: "encrypt" | "decrypt") {
  return withDerived(secret, "wrap", (derived) => crypto.subtle.importKey("raw", derived, "AES-GCM", false, [usage]));
}
