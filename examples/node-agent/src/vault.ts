import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** What wraps and unwraps a slot's secret without asking anybody. */
export type Vault = { wrap(secret: Uint8Array): Promise<Uint8Array>; unwrap(wrapped: Uint8Array): Promise<Uint8Array> };

const nonceBytes = 12;
const tagBytes = 16;

/** Stands for the KMS of a real agent: a key that it never gives out, and AES-256-GCM under it. */
export function localVault(): Vault {
  const key = randomBytes(32);
  return {
    async wrap(secret) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrap(wrapped) {
      const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(0, nonceBytes));
      decipher.setAuthTag(wrapped.subarray(-tagBytes));
      return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    },
  };
}
